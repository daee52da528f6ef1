import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { createPool } from '../../server/src/db/pool.ts';
import { subtract, sum } from '../src/money/index.ts';
import { type BrowserBench, describeInBrowser, expectPresentable, operatorOf } from './support/index.ts';
import { dollars, openWithMoney, read } from './support/money.ts';

const balance = (page: Page) => page.getByRole('region', { name: /^Balance in/ });
const movements = (page: Page) => page.getByRole('table', { name: 'Recent movements' });

async function ask(page: Page, what: string, amount: string): Promise<void> {
  await page.getByRole('tab', { name: what }).click();
  await page.getByRole('textbox', { name: 'Amount' }).fill(amount);
  await page.getByRole('button', { name: 'Review' }).click();
}

async function confirm(page: Page): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: /\$/ }).click();
}

/** Keeps every job waiting until it is released: the bank hears of nothing meanwhile. */
async function stopTheBank(bench: BrowserBench): Promise<() => Promise<void>> {
  const pool = createPool(bench.server.database.connection);
  const client = await pool.connect();
  await client.query('begin');
  await client.query('lock table graphile_worker._private_jobs in exclusive mode');
  return async () => {
    await client.query('commit');
    client.release();
    await pool.end();
  };
}

/** Confirms while no order arrives; from then on they do. Fills with the id of each that was sent. */
async function confirmWithoutArriving(page: Page): Promise<string[]> {
  const ids: string[] = [];
  let isDown = true;
  await page.route('**/v1/orders', async (route) => {
    if (route.request().method() === 'POST') ids.push((route.request().postDataJSON() as { id: string }).id);
    await (isDown ? route.abort() : route.continue());
  });
  await confirm(page);
  await movements(page).getByText('Not confirmed').waitFor();
  isDown = false;
  return ids;
}

describeInBrowser('cash', (bench) => {
  test('a deposit is shown at once, acts once, and is on every page of the same person without a reload', async () => {
    const { page, login, account } = await openWithMoney(bench);
    const other = await bench.openAs(login, '/cash');
    await page.goto('/cash');
    await balance(page).getByText(dollars(account.available)).first().waitFor();
    await balance(other).getByText(dollars(account.available)).first().waitFor();

    const after = dollars(sum([account.available, '250.50']));
    await ask(page, 'Deposit', '250.5');
    await page.getByRole('dialog').getByText(after).waitFor();
    const gate = Promise.withResolvers<void>();
    let sent = 0;
    await page.route('**/v1/orders', async (route) => {
      if (route.request().method() === 'POST') sent += 1;
      await gate.promise;
      await route.continue();
    });
    await confirm(page);
    await movements(page).getByText('Sending').waitFor();
    expect(await page.getByText('Enter an amount').count()).toBe(0);
    gate.resolve();
    await movements(page).getByText('Sending').waitFor({ state: 'detached' });
    await movements(page)
      .getByRole('row', { name: /Deposit .*\+\$250\.50/ })
      .waitFor();
    await balance(page).getByText(after).first().waitFor();
    await balance(other).getByText(after).first().waitFor();
    expect(sent).toBe(1);
    await expect.poll(() => movements(page).getByText('+$250.50').count()).toBe(1);
  });

  test('what cannot be done is said while it is typed, in plain words, and cannot be confirmed', async () => {
    const { page } = await openWithMoney(bench, '/cash?kind=withdraw');
    await ask(page, 'Withdraw', '1.234');
    await page.getByText('has 3 decimal places, and USD has 2').waitFor();
    await ask(page, 'Withdraw', '900000000');
    await page.getByText('This would be refused. There is not enough available money.').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    const me = await read<{ id: string }>(page, '/v1/me');
    await page.getByRole('tab', { name: 'Transfer' }).click();
    await page.getByRole('textbox', { name: 'To' }).fill(me.id);
    await ask(page, 'Transfer', '1');
    await page.getByText('This would be refused. Sender and receiver are the same.').waitFor();
    expect(new URL(page.url()).search).toContain('kind=transfer');
    await page.reload();
    await page.getByRole('tab', { name: 'Transfer', selected: true }).waitFor();
  });

  test('a registered merchant is found by its name, and paid', async () => {
    const operator = operatorOf(bench.server);
    await operator.merchants.register({ handle: 'river-bakery', name: 'Bakery by the river' });
    const { page, account } = await openWithMoney(bench, '/cash?kind=pay');
    await page.getByRole('textbox', { name: 'For' }).fill('Two loaves');
    await page.getByRole('combobox', { name: 'Merchant' }).fill('by the RIVER');
    await page.getByRole('option', { name: 'Bakery by the river' }).click();
    await ask(page, 'Pay', '7.50');
    const rest = dollars(subtract(account.available, '7.50'));
    await page.getByRole('dialog').getByText('river-bakery').waitFor();
    await page.getByRole('dialog').getByText(rest).waitFor();
    await confirm(page);
    await movements(page)
      .getByRole('row', { name: /Payment to a merchant .*[-−]\$7\.50/ })
      .waitFor();
    await balance(page).getByText(rest).first().waitFor();
    await expectPresentable(page, 'cash-pay');

    await operator.merchants.update('river-bakery', { disabled: true });
    await page.getByRole('textbox', { name: 'For' }).fill('Another');
    await page.getByRole('combobox', { name: 'Merchant' }).fill('by the river');
    await page.getByText('No merchant is called so.').waitFor();
  });

  test('a withdrawal is set aside, can be canceled, and settles live when the bank answers', async () => {
    const { page, account } = await openWithMoney(bench, '/cash?kind=withdraw');
    const letGo = await stopTheBank(bench);
    const rest = dollars(subtract(account.available, '40.00'));
    await ask(page, 'Withdraw', '40');
    await page.getByRole('dialog').getByText(rest).waitFor();
    await confirm(page);
    await movements(page).getByText('Pending').waitFor();
    await balance(page).getByText(rest).waitFor();
    await balance(page).getByText('$40.00', { exact: true }).waitFor();
    await expectPresentable(page, 'cash');
    await page.getByRole('button', { name: 'Cancel: Withdrawal' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the order' }).click();
    await movements(page).getByText('Pending').waitFor({ state: 'detached' });
    await balance(page).getByText(dollars(account.available)).first().waitFor();

    await ask(page, 'Withdraw', '50');
    await confirm(page);
    await movements(page).getByText('Pending').waitFor();
    await page.goto('/orders');
    await page.getByRole('button', { name: 'Cancel: Send $50.00 to your bank' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the order' }).click();
    const canceled = page.getByRole('row', { name: /Send \$50\.00 to your bank/ });
    await canceled.getByText('Canceled', { exact: true }).waitFor();
    expect(await canceled.getByRole('button').count()).toBe(0);
    await page.goto('/cash?kind=withdraw');

    await ask(page, 'Withdraw', '60');
    await confirm(page);
    await movements(page).getByText('Pending').waitFor();
    await letGo();
    await movements(page)
      .getByRole('row', { name: /Withdrawal .*[-−]\$60\.00/ })
      .waitFor();
    await movements(page).getByText('Pending').waitFor({ state: 'detached' });
    await page.getByText('$60.00 was paid out').waitFor();
    const settled = dollars(subtract(account.available, '60.00'));
    await expect.poll(() => balance(page).getByText(settled).count()).toBe(2);
  });

  test('an order that did not arrive stays, and acts once when it is sent again', async () => {
    bench.allow(/ERR_FAILED/);
    const { page, account } = await openWithMoney(bench, '/cash');
    await ask(page, 'Deposit', '10');
    const ids = await confirmWithoutArriving(page);
    await page.getByRole('button', { name: 'Send again' }).click();
    await movements(page)
      .getByRole('row', { name: /Deposit .*Completed.*\+\$10\.00/ })
      .waitFor();
    await balance(page)
      .getByText(dollars(sum([account.available, '10.00'])))
      .first()
      .waitFor();
    expect(new Set(ids).size).toBe(1);
    await expect.poll(() => movements(page).getByText('+$10.00').count()).toBe(1);
  });

  test('an order that is not confirmed keeps its id and its place when a reading fails, and when one looks elsewhere', async () => {
    bench.allow(/ERR_FAILED|403/);
    const { page } = await openWithMoney(bench, '/cash');
    await ask(page, 'Deposit', '30');
    const ids = await confirmWithoutArriving(page);
    await page.getByRole('textbox', { name: 'Amount' }).fill('77');
    await page.route('**/v1/accounts*', (route) => route.fulfill({ status: 403, json: {} }));
    const headers = { origin: bench.server.url };
    await page.request.post('/v1/orders', { headers, data: { kind: 'deposit', asset: 'USD', amount: '1.00' } });
    await page.getByText('This may be out of date.').first().waitFor();
    expect(await page.getByRole('textbox', { name: 'Amount' }).inputValue()).toBe('77');
    await page.unroute('**/v1/accounts*');
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await page.getByText('This may be out of date.').first().waitFor({ state: 'detached' });

    const main = page.getByRole('navigation', { name: 'Main' });
    await main.getByRole('link', { name: 'Statement' }).click();
    await page.getByRole('table', { name: 'Statement' }).waitFor();
    await main.getByRole('link', { name: 'Cash' }).click();
    await page.getByRole('button', { name: 'Send again' }).click();
    await movements(page)
      .getByRole('row', { name: /Deposit .*Completed.*\+\$30\.00/ })
      .waitFor();
    expect(new Set(ids).size).toBe(1);
  });

  test('an order whose answer was lost is found on the account, and not offered again', async () => {
    bench.allow(/ERR_FAILED/);
    const { page, account } = await openWithMoney(bench, '/cash');
    await ask(page, 'Deposit', '20');
    await page.route('**/v1/orders', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await confirm(page);
    await balance(page)
      .getByText(dollars(sum([account.available, '20.00'])))
      .first()
      .waitFor();
    await movements(page)
      .getByRole('row', { name: /Deposit .*Completed.*\+\$20\.00/ })
      .waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Send again' }).count()).toBe(0);
  });
});
