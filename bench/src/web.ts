import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumArguments, findChromium } from '../../scripts/chromium.mjs';
import { ensureWebBuilt } from '../../scripts/web-build.mjs';
import type { Line } from './report.ts';
import type { BenchServer } from './setup/server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LOADS = 5;
const VIEWPORT = { width: 1440, height: 900 };
/** What counts as the page's own after it has answered: its data, its charts. */
const SETTLE_MS = 1_500;
const LARGEST_PAINT_MS_MAX = 1_500;
const LAYOUT_SHIFT_MAX = 0.1;

type Visitor = 'visitor' | 'investor' | 'operator';
type State = Awaited<ReturnType<BrowserContext['storageState']>>;

interface Load {
  largestPaintMs: number;
  layoutShift: number;
  scriptBytes: number;
}

/** How soon the pages of a demo installation are painted, each in a browser that has never seen them. */
export async function measureWeb(server: BenchServer, add: (line: Line) => void): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('there is no Chromium; MILLRACE_CHROMIUM may name one');
  const browser = await chromium.launch({ executablePath, args: chromiumArguments() });
  try {
    const states = new Map<Visitor, State>();
    for (const role of ['investor', 'operator'] as const) states.set(role, await logIn(browser, server, role));
    const loan = await someLoan(browser, server, states.get('investor') as State);
    const pages: readonly (readonly [name: string, path: string, visitor: Visitor])[] = [
      ['landing page', '/', 'visitor'],
      ['marketplace', '/loans', 'investor'],
      ['a loan', loan, 'investor'],
      ['portfolio', '/portfolio', 'investor'],
      ['operators’ overview', '/operate', 'operator'],
    ];
    for (const [name, path, visitor] of pages) {
      const loads: Load[] = [];
      for (let load = 0; load < LOADS; load += 1) {
        loads.push(await loadAnew(browser, `${server.url}${path}`, states.get(visitor)));
      }
      addPage(name, loads, add);
    }
  } finally {
    await browser.close();
  }
}

/** Makes sure that what is measured is what the sources say. */
export async function buildWeb(): Promise<void> {
  await ensureWebBuilt(ROOT, process.execPath);
}

function addPage(name: string, loads: readonly Load[], add: (line: Line) => void): void {
  const paint = median(loads.map(({ largestPaintMs }) => largestPaintMs));
  const shift = Math.max(...loads.map(({ layoutShift }) => layoutShift));
  const kilobytes = Math.round(median(loads.map(({ scriptBytes }) => scriptBytes)) / 1_000);
  add({
    what: `${name}: largest paint, median of ${LOADS}`,
    value: `${Math.round(paint)} ms`,
    figure: paint,
    target: { atMost: LARGEST_PAINT_MS_MAX },
    note: `${kilobytes} kB of JavaScript transferred`,
  });
  add({
    what: `${name}: layout shift, most of ${LOADS}`,
    value: shift.toFixed(3),
    figure: shift,
    target: { atMost: LAYOUT_SHIFT_MAX },
  });
}

async function logIn(browser: Browser, server: BenchServer, role: Visitor): Promise<State> {
  const user = server.demo?.users.find((one) => one.role === role);
  if (!user) throw new Error(`the demo has nobody who is ${role}`);
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  await page.goto('/login');
  await page.getByLabel('E-mail').fill(user.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(user.password);
  await page.getByRole('main').getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: /^Account of/ }).waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

async function someLoan(browser: Browser, server: BenchServer, storageState: State): Promise<string> {
  const context = await browser.newContext({ baseURL: server.url, storageState });
  const answer = await context.request.get('/v1/loans?status=open&limit=1');
  const { data } = (await answer.json()) as { data: { id: string }[] };
  await context.close();
  return `/loans/${data[0]?.id}`;
}

/** With an empty cache, as on a first visit; who is logged in stays so. */
async function loadAnew(browser: Browser, url: string, storageState: State | undefined): Promise<Load> {
  const context = await browser.newContext({ viewport: VIEWPORT, ...(storageState && { storageState }) });
  try {
    const page = await context.newPage();
    await page.goto(url);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForTimeout(SETTLE_MS);
    return await readLoad(page);
  } finally {
    await context.close();
  }
}

function readLoad(page: Page): Promise<Load> {
  return page.evaluate(async () => {
    const entriesOf = <Entry>(type: string): Promise<Entry[]> =>
      new Promise((resolve) => {
        // Without an entry the observer is never called.
        const timer = setTimeout(() => resolve([]), 200);
        new PerformanceObserver((list) => {
          clearTimeout(timer);
          resolve(list.getEntries() as Entry[]);
          // The types here are those of Node.js, which paints nothing.
        }).observe({ type: type as 'resource', buffered: true });
      });
    const paints = await entriesOf<{ startTime: number }>('largest-contentful-paint');
    const shifts = await entriesOf<{ value: number; hadRecentInput: boolean }>('layout-shift');
    const resources = performance.getEntriesByType('resource') as unknown as { name: string; transferSize: number }[];
    return {
      largestPaintMs: paints.at(-1)?.startTime ?? Number.NaN,
      layoutShift: shifts.reduce((total, shift) => total + (shift.hadRecentInput ? 0 : shift.value), 0),
      scriptBytes: resources
        .filter(({ name }) => new URL(name).pathname.endsWith('.js'))
        .reduce((total, { transferSize }) => total + transferSize, 0),
    };
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] as number;
}
