import type { WireOverview } from '@millrace/contract';
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

/** From the next document on the overview is told by the test: `tellOverview`. */
async function holdOverview(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const ask = globalThis.fetch;
    let tell: (text: string) => void;
    const told = new ReadableStream<Uint8Array>({
      start: (controller) => {
        tell = (text) => controller.enqueue(new TextEncoder().encode(text));
      },
    });
    const isHeld = (input: RequestInfo | URL): boolean =>
      (input instanceof Request ? input.url : String(input)).includes('/v1/overview/stream');
    Object.assign(globalThis, {
      fetch: async (input: RequestInfo | URL, init?: RequestInit) =>
        isHeld(input) ? new Response(told, { headers: { 'content-type': 'text/event-stream' } }) : ask(input, init),
      tellOverview: (overview: unknown) => tell(`event: overview\ndata: ${JSON.stringify(overview)}\n\n`),
    });
  });
}

async function tellOverview(page: Page, overview: WireOverview): Promise<void> {
  await page.evaluate(
    (value) => (globalThis as unknown as { tellOverview(value: unknown): void }).tellOverview(value),
    overview as never,
  );
}

/** Nothing to do, and so much of everything that every word and figure is as long as it gets. */
function extremesOf(now: WireOverview): { quiet: WireOverview; loud: WireOverview; refusing: WireOverview } {
  const figures = (value: number | null): WireOverview['latency'] => {
    const one = { p50_ms: value, p99_ms: value };
    return { answer: one, commit: one };
  };
  const outcomes = (count: number) =>
    now.orders.last_hour.map(({ minute }) => ({
      minute,
      completed: count,
      rejected: count,
      failed: count,
      pending: count,
      open: count,
      canceled: count,
    }));
  const commits = { possible: true, since: null, cause: null };
  const quiet: WireOverview = {
    ...now,
    orders: { ...now.orders, per_second: 0, last_hour: outcomes(0) },
    latency: figures(null),
    queue: { waiting: 0, max: 131_072 },
    batch: { size_mean: null },
    commits,
    jobs: { waiting: 0, failing: 0 },
    dead_letters: { waiting: 0 },
    due: { waiting: 0, done: 0 },
    connections: { http: 1, websocket: 1, sse: 1 },
  };
  const loud: WireOverview = {
    ...quiet,
    orders: { ...now.orders, per_second: 12_345, last_hour: outcomes(12_345) },
    latency: figures(12_345),
    queue: { waiting: 131_072, max: 131_072 },
    batch: { size_mean: 1_234 },
    read_models: { lag: 1_234_567 },
    consumers: now.consumers.map((consumer) => ({ ...consumer, lag: 10_000, lag_seconds: 12_345 })),
    jobs: { waiting: 10_000, failing: 10_000 },
    dead_letters: { waiting: 10_000 },
    due: { waiting: 10_000, done: 10_000 },
    connections: { http: 12_345, websocket: 12_345, sse: 12_345 },
  };
  const jobs = { waiting: 10_000, failing: 0 };
  const since = now.at;
  return { quiet, loud, refusing: { ...quiet, jobs, commits: { possible: false, since, cause: '53100' } } };
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

  test('on the operators’ overview from nothing to do to more than can be done', async () => {
    const page = await bench.open('/login');
    await logIn(page, bench.server, 'operator');
    const { quiet, loud, refusing } = extremesOf(await operatorOf(bench.server).overview.get());
    await recordShifts(page);
    await holdOverview(page);
    await inEveryWidth(page, async (width) => {
      await page.goto('/operate');
      await tellOverview(page, quiet);
      await settled(page);
      await page.getByText('Nothing is to be done outside.').waitFor();
      await calm(page);
      await takeShifts(page);
      for (const [overview, words] of [
        [loud, 'The queue is nearly full'],
        [refusing, 'The database takes no writes'],
      ] as const) {
        await tellOverview(page, overview);
        await page.getByText(words).waitFor();
        await calm(page);
        const { sum, moved } = await takeShifts(page);
        expect.soft({ width, words, moved: sum < LIVE_SHIFT_MAX ? [] : [sum, ...moved] }).toMatchObject({ moved: [] });
      }
    });
  });
});
