import { createClient } from '@millrace/client';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser, endSession, expectPresentable, openLoan } from './support/index.ts';

async function review(page: Page, amount: string): Promise<void> {
  await page.getByLabel('Amount in USD').fill(amount);
  await page.getByText('You get back in all').waitFor();
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('heading', { name: /^Invest \$/ }).waitFor();
}

const confirm = (page: Page) => page.getByRole('button', { name: 'Confirm' });
const fundings = (page: Page) => page.getByRole('list', { name: 'Investments, newest first' }).getByRole('listitem');

describeInBrowser('lending', (bench) => {
  test('a loan is found, previewed and funded in two clicks; it is pending at once, then accepted, and listed once', async () => {
    const { page } = await bench.openNew();
    const id = await openLoan(bench.server, 'Harbour crane');
    await page.goto('/loans');
    await page.getByRole('link', { name: 'Harbour crane' }).click();
    await review(page, '40');

    let submitted = 0;
    const answer = Promise.withResolvers<void>();
    await page.route('**/v1/orders', async (route) => {
      submitted += 1;
      await answer.promise;
      await route.continue();
    });
    await confirm(page).dblclick();
    await page.getByText('Your investment of $40.00 is on its way').waitFor();
    await fundings(page).filter({ hasText: 'Pending' }).waitFor();
    answer.resolve();
    await page.getByRole('heading', { name: '$40.00 invested' }).waitFor();
    await page.getByRole('heading', { name: 'Your share' }).waitFor();
    await expect.poll(() => fundings(page).allInnerTexts()).toHaveLength(1);
    expect((await fundings(page).first().innerText()).replaceAll(/\s+/g, ' ')).toMatch(/^You .*\$40\.00$/);
    expect(submitted).toBe(1);
    await page.getByRole('link', { name: 'See the order' }).click();
    await page.getByRole('heading', { name: 'Invest $40.00 in a loan' }).waitFor();
    // Whatever tells of it names the loan, and leads to it.
    for (const path of [page.url(), '/statement', '/cash', '/orders', '/notifications']) {
      await page.goto(path);
      const link = page.getByRole('main').getByRole('link', { name: 'Harbour crane' }).first();
      expect({ path, to: await link.getAttribute('href') }).toEqual({ path, to: `/loans/${id}` });
    }
  });

  test('on a phone the amount and the next step are on the first screen', async () => {
    const id = await openLoan(bench.server, 'Ferry engine');
    const { page } = await bench.openNew();
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`/loans/${id}`);
    for (const part of [page.getByLabel('Amount in USD'), page.getByRole('button', { name: 'Review' })]) {
      await part.waitFor();
      await expect.poll(async () => (await part.boundingBox())?.y ?? 0).toBeGreaterThan(0);
      const box = await part.boundingBox();
      expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThanOrEqual(740);
    }
  });

  test('on a phone lists are rows, of which several fit on the screen', async () => {
    const page = await bench.openAs('investor', '/loans');
    await page.setViewportSize({ width: 360, height: 740 });
    // A row is its title, and its values beside each other in as few lines as they fit into.
    const most = { '/loans': ['Loans', 160], '/orders': ['Orders', 105], '/statement': ['Statement', 115] } as const;
    for (const [path, [name, height]] of Object.entries(most)) {
      await page.goto(path);
      const rows = page.getByRole('table', { name }).locator('tbody tr');
      await rows.nth(9).waitFor();
      const heights = await rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect().height));
      const mean = heights.reduce((sum, one) => sum + one, 0) / heights.length;
      expect.soft(mean, `mean height of a row of ${path}`).toBeLessThan(height);
    }
  });

  test('one sees what another funds, in the list and on the loan’s page, without a reload', async () => {
    const id = await openLoan(bench.server, 'Cider press');
    const { page: watching } = await bench.openNew({ name: 'Watcher', path: '/loans?search=cider' });
    const row = watching.getByRole('row', { name: /Cider press/ });
    await row.getByText('0% of $1,000.00').waitFor();
    const { page: reading } = await bench.openNew({ name: 'Reader', path: `/loans/${id}` });
    await reading.getByText('Nobody has invested yet').waitFor();
    for (const page of [watching, reading]) await page.evaluate(() => Object.assign(window, { sameDocument: true }));

    const { page: funding } = await bench.openNew({ name: 'Funder', path: `/loans/${id}` });
    await review(funding, '250');
    await confirm(funding).click();

    await row.getByText('25% of $1,000.00').waitFor();
    await fundings(reading).filter({ hasText: 'Investor 1' }).filter({ hasText: '$250.00' }).waitFor();
    await reading.getByText('$750.00 still open').waitFor();
    for (const page of [watching, reading]) expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
  });

  test('an investment that would be refused is warned of, and a refused one says why and keeps what was typed', async () => {
    const id = await openLoan(bench.server, 'Lighthouse lens', { amount: '900000.00' });
    const { page } = await bench.openNew({ path: `/loans/${id}` });
    await page.getByRole('button', { name: 'Everything that is open' }).click();
    await page.getByText('It would be refused now: There is not enough available money.').waitFor();
    await page.getByRole('button', { name: 'Review' }).click();
    await confirm(page).click();
    await page.getByRole('heading', { name: 'There is not enough available money.' }).waitFor();
    await page.getByText('No money was moved').waitFor();
    await page.getByRole('button', { name: 'Change the amount' }).click();
    expect(await page.getByLabel('Amount in USD').inputValue()).toBe('900000.00');
    await page.getByText('Nobody has invested yet').waitFor();
  });

  test('a session that ends while one confirms asks again, and the investment is made once', async () => {
    bench.allow(/status of 401/, /WebSocket/);
    const id = await openLoan(bench.server, 'Beehives');
    const { page, login } = await bench.openNew({ path: `/loans/${id}` });
    await review(page, '30');
    // Under way, not before: the page notices by itself that its session has ended, and asks at once.
    await page.route('**/v1/orders', (route) => endSession(page, bench.server).then(() => route.continue()), {
      times: 1,
    });
    await confirm(page).click();
    await page.getByRole('textbox', { name: `Password of ${login.email}` }).fill(login.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: '$30.00 invested' }).waitFor();
    await expect.poll(() => fundings(page).allInnerTexts()).toHaveLength(1);
  });

  test('an investment during which the server goes away is not lost: tried again, it acts once', async () => {
    bench.allow(/ERR_|WebSocket|status of 5\d\d/);
    const id = await openLoan(bench.server, 'Tide mill');
    const { page } = await bench.openNew({ path: `/loans/${id}` });
    await review(page, '45');
    await bench.server.halt();
    await confirm(page).click();
    await page.getByText('Whether your $45.00 arrived is not known.').waitFor();
    await bench.server.resume();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: '$45.00 invested' }).waitFor();
    await expect.poll(() => fundings(page).allInnerTexts()).toHaveLength(1);
  });

  test('what was typed stays when reading the loan again fails, which is said', async () => {
    bench.allow(/status of 403/);
    const id = await openLoan(bench.server, 'Wind pump');
    const {
      page,
      login: { email, password },
    } = await bench.openNew({ path: `/loans/${id}` });
    await page.getByLabel('Amount in USD').fill('40');
    await page.route(`**/v1/loans/${id}`, (route) => route.fulfill({ status: 403, body: 'not now' }));
    const { url } = bench.server;
    const { token } = await createClient({ url }).auth.logIn({ email, password });
    await createClient({ url, token }).orders.submit({ kind: 'fund_loan', loan_id: id, amount: '25' });
    const line = page.getByText('This may be out of date.');
    await line.waitFor();
    expect(await page.getByLabel('Amount in USD').inputValue()).toBe('40');
    await page.unroute(`**/v1/loans/${id}`);
    await page.getByRole('button', { name: 'Try again' }).click();
    await line.waitFor({ state: 'detached' });
    expect(await page.getByLabel('Amount in USD').inputValue()).toBe('40');
  });

  test('filters are in the address, and survive a reload; where nothing fits, they can be cleared', async () => {
    const page = await bench.openAs('investor', '/loans');
    await page.getByLabel('Status').selectOption('Repaid');
    await page.getByLabel('Order').selectOption('Highest rate');
    await page.getByRole('link', { name: 'Trade fair stand' }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'Trade fair stand' }).waitFor();
    expect(new URL(page.url()).search).toBe('?status=repaid&sort=rate');
    // Slowly enough that the address changes while the user types.
    await page.getByRole('searchbox', { name: 'Search' }).click();
    for (const key of 'nix') {
      await page.keyboard.type(key);
      await page.waitForURL(({ searchParams }) => searchParams.get('search')?.endsWith(key) === true);
    }
    expect(await page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe('nix');
    await page.getByText('No loan fits these filters').waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('link', { name: 'Wedding' }).waitFor();
    expect(await page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe('');
  });

  test('a loan that is opened appears at the top while one looks', async () => {
    const page = await bench.openAs('investor', '/loans');
    await page.getByRole('link', { name: 'Wedding' }).waitFor();
    await openLoan(bench.server, 'Planetarium dome');
    await page.getByRole('status').filter({ hasText: 'New loan: Planetarium dome' }).waitFor({ state: 'attached' });
    await page.getByRole('table').getByRole('link').first().filter({ hasText: 'Planetarium dome' }).waitFor();
  });

  test('operators see who funded, and aliases otherwise', async () => {
    const page = await bench.openAs('operator', '/loans?search=greenhouse');
    await page.getByRole('link', { name: 'Greenhouse for a nursery' }).click();
    await fundings(page).getByRole('link', { name: 'Who is it?' }).first().waitFor();
    await page.getByRole('heading', { name: 'Borrower' }).waitFor();
  });

  test('a loan with all that it can show is fit to be seen, narrow and wide, in light and in dark', async () => {
    const page = await bench.openAs('investor', '/loans');
    await page.getByRole('link', { name: 'Wedding' }).waitFor();
    await page.getByRole('link', { name: 'Wedding' }).click();
    await page.getByLabel('Amount in USD').fill('120');
    await page.getByText('You get back in all').waitFor();
    await page.locator('.recharts-bar').first().waitFor();
    await page.getByRole('button', { name: /^Show all \d+ instalments/ }).click();
    await expectPresentable(page, 'loan');
    await page.getByRole('button', { name: /^Grade D/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Grade D: raised risk').waitFor();
  });
});
