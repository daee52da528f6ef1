import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  type BrowserBench,
  calm,
  describeInBrowser,
  inEveryWidth,
  logIn,
  openLoan,
  operatorOf,
  personOf,
  recordShifts,
  settled,
  takeShifts,
} from './support/index.ts';

/** What counts as good for a page's first load. */
const FIRST_LOAD_SHIFT_MAX = 0.1;
/** A figure that changes is as wide as it is; a row that moved would be more than ten times this. */
const LIVE_SHIFT_MAX = 0.001;
const FUNDINGS = 8;
const TICKS = 3;

async function loadInEveryWidth(page: Page, paths: readonly string[]): Promise<void> {
  await recordShifts(page);
  for (const path of paths) {
    await inEveryWidth(page, async (width) => {
      await page.goto(path);
      await settled(page);
      await calm(page);
      const { sum, moved } = await takeShifts(page);
      expect
        .soft({ path, width, moved: sum < FIRST_LOAD_SHIFT_MAX ? [] : [sum, ...moved] })
        .toEqual({ path, width, moved: [] });
    });
  }
}

async function expectStill(page: Page): Promise<void> {
  const { sum, moved } = await takeShifts(page);
  expect(sum < LIVE_SHIFT_MAX ? [] : [sum, ...moved]).toEqual([]);
}

async function openRecording(bench: BrowserBench, path: string): Promise<Page> {
  const { page } = await bench.openNew();
  await recordShifts(page);
  await page.goto(path);
  await settled(page);
  await calm(page);
  await takeShifts(page);
  return page;
}

describeInBrowser('nothing jumps', (bench) => {
  test('while a visitor’s pages are loaded', async () => {
    await loadInEveryWidth(await bench.open('/'), ['/', '/login', '/signup']);
  });

  test('while an investor’s pages are loaded', async () => {
    const page = await bench.openAs('investor');
    const { data: loans } = await operatorOf(bench.server).loans.list({ status: 'open', limit: 1 });
    const { data: orders } = await (await personOf(bench.server, 'investor')).orders.list({ limit: 1 });
    const own = ['/loans', '/portfolio', '/statement', '/cash', '/orders', '/notifications', '/settings'];
    await loadInEveryWidth(page, [...own, `/loans/${loans[0]?.id}`, `/orders/${orders[0]?.id}`]);
  });

  test('while an operator’s pages are loaded', async () => {
    const page = await bench.openAs('operator');
    const pages = ['', '/orders', '/loans/new', '/ledger', '/users', '/dead-letters'];
    await loadInEveryWidth(
      page,
      pages.map((path) => `/operate${path}`),
    );
  });

  test('on the marketplace and a loan’s page while others fund', async () => {
    const id = await openLoan(bench.server, 'Paper mill');
    const list = await openRecording(bench, '/loans');
    const loan = await openRecording(bench, `/loans/${id}`);
    const investor = await personOf(bench.server, 'investor');
    for (let funding = 1; funding <= FUNDINGS; funding += 1) {
      await investor.orders.submit({ kind: 'fund_loan', loan_id: id, amount: '100.00' });
      await list
        .getByRole('row', { name: /Paper mill/ })
        .getByText(`${funding * 10}% of $1,000.00`)
        .waitFor();
      await loan.getByText(`$${(10 - funding) * 100}.00 still open`).waitFor();
    }
    await loan
      .getByRole('listitem')
      .filter({ hasText: 'Investor 1' })
      .nth(FUNDINGS - 1)
      .waitFor();
    for (const page of [list, loan]) await expectStill(page);
  });

  test('on the operators’ overview while its figures change', async () => {
    const page = await bench.open('/login');
    await recordShifts(page);
    await logIn(page, bench.server, 'operator');
    await page.goto('/operate');
    await settled(page);
    await calm(page);
    await takeShifts(page);
    // Told once a second: what the figures say now, they had not said before.
    const figures = page.getByRole('main');
    for (let tick = 0; tick < TICKS; tick += 1) {
      const before = await figures.innerText();
      await operatorOf(bench.server).orders.submit({ kind: 'deposit', asset: 'USD', amount: '5.00' });
      await expect.poll(() => figures.innerText()).not.toBe(before);
    }
    await expectStill(page);
  });
});
