import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser, expectPresentable, operatorOf, query, visit } from './support/index.ts';

const rowOf = (page: Page, text: string | RegExp) => page.getByRole('row').filter({ hasText: text });

describeInBrowser('the operators’ console', (bench) => {
  test('begins with how the installation does, live, and says so when it is not', async () => {
    bench.allow(/ERR_|WebSocket|status of 5\d\d/);
    const page = await bench.openAs('operator');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText('Nothing waits for an operator.').waitFor();
    const completed = page.locator('section[aria-labelledby=outcomes] dt:has-text("Completed") + dd');
    const before = Number(await completed.innerText());
    // More than may leave the hour when a minute goes by.
    const deposits = Array.from({ length: 100 }, () => ({ kind: 'deposit', asset: 'USD', amount: '5.00' }) as const);
    await operatorOf(bench.server).orders.submitBatch(deposits);
    await expect.poll(async () => Number(await completed.innerText())).toBeGreaterThan(before);
    await page.getByRole('button', { name: 'Show the minutes' }).click();
    await page.getByRole('table', { name: 'Outcomes by minute' }).waitFor();
    await expectPresentable(page, 'operate-overview');

    await bench.server.halt();
    await page.getByText('Stale', { exact: true }).waitFor();
    await bench.server.resume();
    await page.getByText('Live', { exact: true }).waitFor();
  });

  test('finds people, loans and orders by the keyboard alone', async () => {
    const page = await bench.openAs('operator', '/operate/users');
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
    const investor = bench.server.logins.find(({ role }) => role === 'investor');
    const typing = page.getByRole('searchbox', { name: 'Search', exact: true });
    await typing.focus();
    await page.keyboard.press('/');
    expect(await typing.inputValue()).toBe('/');
    // Also out of another field: no character of what is typed there means something else.
    await page.keyboard.press('Control+K');
    await page.keyboard.type(investor?.email ?? '');
    await page.getByRole('option', { name: investor?.email ?? '' }).waitFor();
    await expectPresentable(page, 'operate-search');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Profile' }).waitFor();
    const order = await operatorOf(bench.server).orders.submit({ kind: 'deposit', asset: 'USD', amount: '6.00' });
    await page.getByRole('heading', { name: 'Profile' }).click();
    await page.keyboard.press('/');
    expect(
      await page
        .getByLabel('Find a user, an order, a loan or an account')
        .evaluate((field) => field === document.activeElement),
    ).toBe(false);
    await page.keyboard.press('Control+K');
    // At once: the first part of an id, typed slowly, finds the order too, and Enter waits for what is typed to be searched.
    await page.keyboard.insertText(order.id);
    await page.getByRole('option', { name: /deposit/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/orders/${order.id}`);
  });

  test('registers a merchant, whom users can pay until it is disabled', async () => {
    const page = await bench.openAs('operator', '/operate/merchants');
    await page.getByRole('button', { name: 'Register merchant' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Corner kiosk');
    await dialog.getByRole('textbox', { name: 'Handle' }).fill('corner kiosk');
    await dialog.getByRole('button', { name: 'Register merchant' }).click();
    await dialog.getByText('Small letters, digits').waitFor();
    await dialog.getByRole('textbox', { name: 'Handle' }).fill('corner-kiosk');
    await dialog.getByRole('button', { name: 'Register merchant' }).click();
    const row = rowOf(page, 'corner-kiosk');
    await row.getByText('Enabled').waitFor();
    const pay = { kind: 'pay', merchant: 'corner-kiosk', item: 'Paper', quantity: 1, price: '1000000.00' } as const;
    const preview = async () => operatorOf(bench.server).orders.preview(pay);
    expect((await preview()).reason).toBe('insufficient_funds');
    await row.getByRole('button', { name: 'Disable Corner kiosk' }).click();
    await page.getByRole('button', { name: 'Disable merchant' }).click();
    await row.getByText('Disabled').waitFor();
    expect((await preview()).reason).toBe('merchant_disabled');
    await expectPresentable(page, 'operate-merchants');
  });

  test('shows the books, and proves them', async () => {
    const page = await bench.openAs('operator', '/operate/ledger');
    await page.getByRole('heading', { level: 1, name: 'Ledger' }).waitFor();
    await page.getByText('Every asset sums to zero', { exact: true }).waitFor();
    await page.getByText('Not verified since the server was started').waitFor();
    await query(bench.server, "select graphile_worker.add_job('nobody_does_this', job_key := 'vain')");
    await query(
      bench.server,
      `update graphile_worker._private_jobs set attempts = 5, last_error = 'no luck', created_at = now() - interval '1 hour'
       where key = 'vain'`,
    );
    await page.getByRole('button', { name: 'Verify the books' }).click();
    await page.getByText('Everything is right').waitFor();
    const overdue = page.getByRole('region', { name: 'Overdue' });
    await overdue.getByText('1 is overdue').waitFor();
    await overdue.getByText('Jobs that keep failing: 1').waitFor();
    await overdue.getByText(/nobody does this has failed 5 times: no luck, since/).waitFor();
    await query(bench.server, "select graphile_worker.remove_job('vain')");
    expect(await rowOf(page, 'assets_sum_to_zero').innerText()).toContain('Right');
    await page.getByRole('button', { name: 'Show the purposes of USD' }).click();
    await page.getByRole('table', { name: 'USD by purpose' }).waitFor();
    await expectPresentable(page, 'operate-ledger');
  });

  test('an id that is none is said to be wrong where it stands, and no list of everybody is shown; the focus stays', async () => {
    const page = await bench.openAs('operator', '/operate/orders?user_id=usr_nobody');
    await page.getByRole('heading', { level: 1, name: 'Everybody’s orders' }).waitFor();
    await page.getByText('This is no user’s id.').waitFor();
    expect(await page.getByRole('table', { name: 'Orders' }).count()).toBe(0);
    const user = page.getByLabel('User’s id');
    await user.fill('usr_else');
    await user.press('Enter');
    await page.waitForURL('**user_id=usr_else');
    expect(await user.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('table', { name: 'Orders' }).waitFor();
    expect(await user.inputValue()).toBe('');

    await visit(page, '/operate/ledger', 'Ledger');
    const owner = page.getByLabel('Owner’s id');
    await owner.fill('somebody');
    await owner.press('Enter');
    await page.getByText('This is no id of an owner.').waitFor();
    expect(await page.getByRole('table', { name: 'Accounts' }).count()).toBe(0);
    await owner.fill('installation');
    await owner.press('Enter');
    await page.getByRole('table', { name: 'Accounts' }).waitFor();
    expect(await owner.evaluate((field) => field === document.activeElement)).toBe(true);
  });

  test('leads from the greatest balance to a line, and from there to its order', async () => {
    const page = await bench.openAs('operator', '/operate/ledger?asset=USD');
    await page.getByRole('heading', { level: 1, name: 'Ledger' }).waitFor();
    await page.getByRole('combobox', { name: 'Purpose', exact: true }).selectOption('cash');
    await page.getByRole('combobox', { name: 'Order', exact: true }).selectOption('balance');
    await page.getByRole('table', { name: 'Accounts' }).getByRole('link', { name: 'Cash · USD' }).first().click();
    await page.getByRole('table', { name: 'Lines' }).waitFor();
    await expectPresentable(page, 'operate-account');
    await page.getByRole('table', { name: 'Lines' }).getByRole('link', { name: /^ord_/ }).first().click();
    await page.waitForURL('**/orders/ord_*');
  });

  test('a dead letter appears by itself, is retried, and its outcome stands in its place', async () => {
    const page = await bench.openAs('operator', '/operate/dead-letters');
    await page.getByRole('heading', { level: 1, name: 'Dead letters' }).waitFor();
    await page.getByText('Nothing waits – good').waitFor();
    await expectPresentable(page, 'operate-dead-letters-none');
    // A database that refuses this one amount: the order's batch is halved until it is found.
    await query(bench.server, 'alter table transfers add constraint fault check (amount <> 66666) not valid');
    const order = await operatorOf(bench.server).orders.submit({ kind: 'deposit', asset: 'USD', amount: '666.66' });
    expect(order.status).toBe('failed');
    const row = rowOf(page, order.id.slice(-8));
    await row.getByRole('button', { name: /^Retry/ }).waitFor();
    await expectPresentable(page, 'operate-dead-letters');
    await row.getByRole('button', { name: /^Retry/ }).click();
    await row.getByText('Failed', { exact: true }).waitFor();

    await query(bench.server, 'alter table transfers drop constraint fault');
    await page.reload();
    const again = rowOf(page, order.id.slice(-8)).getByRole('button', { name: /^Retry/ });
    await again.click();
    await rowOf(page, order.id.slice(-8)).getByText('Completed').first().waitFor();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Overview' }).click();
    await page.getByText('Nothing waits for an operator.').waitFor();
  });

  test('a report that contradicts the books is closed, and nothing else', async () => {
    const order = await operatorOf(bench.server).orders.submit({ kind: 'deposit', asset: 'USD', amount: '1.00' });
    const uuid = order.id.slice('ord_'.length);
    const command = JSON.stringify({ params: { order_id: order.id, approved: false }, contradiction: true });
    await query(
      bench.server,
      `insert into dead_letters (id, order_id, kind, command, error, created_at)
       values ('${uuid}', '${uuid}', 'settle_withdrawal', '${command}', 'the gateway says that it has not paid', now())`,
    );
    const page = await bench.openAs('operator', '/operate/dead-letters');
    const row = rowOf(page, order.id.slice(-8));
    await row.getByRole('button', { name: /^Close Settlement of a withdrawal/ }).click();
    await row.getByText('nothing was changed').waitFor();
    await page.reload();
    await rowOf(page, order.id.slice(-8)).getByText('nothing was changed').waitFor();
    expect(await row.getByText('Completed').count()).toBe(0);
  });

  test('disables a user, whose open page says so, and enables them again', async () => {
    bench.allow(/status of 401|WebSocket/);
    const { page: theirs, login } = await bench.openNew({ name: 'Mallory' });
    const page = await bench.openAs('operator', '/operate/users');
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
    await page.getByRole('searchbox', { name: 'Search' }).fill(login.email);
    await page.getByRole('link', { name: 'Mallory' }).click();
    await page.getByRole('heading', { name: 'Profile' }).waitFor();
    await expectPresentable(page, 'operate-user');
    await page.getByRole('button', { name: 'Disable user' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable user' }).click();
    await page.getByText('Disabled', { exact: true }).waitFor();
    await theirs.getByRole('heading', { name: 'Your session has expired' }).waitFor();
    await theirs.getByRole('textbox', { name: `Password of ${login.email}` }).fill(login.password);
    await theirs.getByRole('button', { name: 'Log in' }).click();
    await theirs.getByRole('alert').waitFor();

    await page.getByRole('button', { name: 'Enable user' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Enable user' }).click();
    await page.getByText('Enabled', { exact: true }).waitFor();
    await theirs.getByRole('button', { name: 'Log in' }).click();
    await theirs.getByRole('heading', { name: 'Your session has expired' }).waitFor({ state: 'detached' });
  });

  test('creates a user with a role, says at the field what is wrong, and stays who it is', async () => {
    bench.allow(/status of 4(00|09)/);
    const page = await bench.openAs('operator', '/operate/users');
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
    await page.getByRole('button', { name: 'Create user' }).click();
    const form = page.getByRole('dialog', { name: 'Create a user' });
    const login = { role: 'operator', email: 'second.operator@example.com', password: 'a long enough phrase' };
    await form.getByLabel('Name').fill('Radia');
    await form.getByLabel('E-mail').fill(bench.server.logins[0]?.email ?? '');
    await form.getByLabel('Role').selectOption('operator');
    await form.getByRole('textbox', { name: 'Password' }).fill('password');
    await form.getByRole('button', { name: 'Create user' }).click();
    await form.getByText('is one of the most common').waitFor();
    await expectPresentable(page, 'operate-create-user');
    await form.getByRole('textbox', { name: 'Password' }).fill(login.password);
    await form.getByRole('button', { name: 'Create user' }).click();
    await form.getByText('This address cannot be registered').waitFor();
    await form.getByLabel('E-mail').fill(login.email);
    await form.getByRole('button', { name: 'Create user' }).click();
    await form.waitFor({ state: 'detached' });
    await rowOf(page, login.email).getByText('Operator', { exact: true }).waitFor();
    const me = await (await page.request.get('/v1/me')).json();
    expect(me).toMatchObject({ email: bench.server.logins.find(({ role }) => role === 'operator')?.email });

    const theirs = await bench.openAs(login, '/operate/users');
    await theirs.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
  });

  test('lists everybody’s orders, says when there are newer ones, and revokes a key', async () => {
    const page = await bench.openAs('operator');
    const place = () => operatorOf(bench.server).orders.submit({ kind: 'deposit', asset: 'USD', amount: '7.00' });
    // What was placed while another page was looked at is in the list when it is read, and no news.
    await visit(page, '/operate/loans/new', 'Create loans');
    await page.getByLabel('Purpose').waitFor();
    for (let placed = 0; placed < 3; placed += 1) await place();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Everybody’s orders' }).click();
    await page.getByRole('table', { name: 'Orders' }).waitFor();
    const fresh = page.getByRole('button', { name: /placed: show/ });
    let placed = 0;
    let last = '';
    await expect
      .poll(async () => {
        last = (await place()).id;
        placed += 1;
        return fresh.count();
      })
      .toBe(1);
    const told = /^(?:A|(\d+)) new/.exec(await fresh.innerText());
    expect(told).not.toBeNull();
    expect(Number(told?.[1] ?? 1)).toBeLessThanOrEqual(placed);
    expect(await page.getByRole('status').filter({ hasText: /\d/ }).count()).toBe(0);
    await fresh.click();
    await rowOf(page, last.slice(-8)).waitFor();
    await visit(page, '/operate/orders?kind=deposit', 'Everybody’s orders');
    await page.getByRole('table', { name: 'Orders' }).waitFor();
    await expectPresentable(page, 'operate-orders');

    const {
      page: theirs,
      login: { email },
    } = await bench.openNew({ name: 'Grace' });
    await theirs.request.post('/v1/api-keys', {
      data: { name: 'robot', scopes: ['orders:read'] },
      headers: { origin: bench.server.url },
    });
    await visit(page, `/operate/users?search=${email}`, 'Users');
    await page.getByRole('link', { name: 'Grace' }).click();
    await page.getByRole('button', { name: 'Revoke robot' }).click();
    await page.getByRole('button', { name: 'Revoke key' }).click();
    await page.getByText('No program acts for this user').waitFor();
  });

  test('is for operators: others are told so', async () => {
    const { page } = await bench.openNew();
    for (const path of ['/operate', '/operate/users', '/operate/ledger', '/operate/dead-letters']) {
      await page.goto(path);
      await page.getByText('This page is for operators').waitFor();
    }
    await expectPresentable(page, 'operate-not-allowed');
  });
});
