import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { ensureWebBuilt } from '../../../scripts/web-build.mjs';
import { findChromium, launchChromium } from './chromium.ts';
import { beginSession, register } from './people.ts';
import { type Login, startWebServer, type WebServer } from './web-server.ts';

const executable = findChromium();
const ROOT = new URL('../../..', import.meta.url).pathname;

/** Longer than any page takes on a busy machine, and short enough to see a test that hangs. */
const PATIENCE_MS = 30_000;
/** Many pages in a test, each in many looks: generous, so that none fails because the machine is slow. */
const TEST_MS_MAX = 180_000;

/** Leads a user with a session to the page where they begin. */
const BEGINNING = '/login';

export interface BrowserBench {
  readonly server: WebServer;
  /** A page of its own: cookies, storage, and what goes wrong in it apart from all others. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** A page of one of the demo's people, or of another user with a login; at the page where they begin, unless told. */
  openAs(who: string | Login, path?: string): Promise<Page>;
  /** A page of a new investor. */
  openNew(investor?: { name?: string; email?: string; path?: string }): Promise<{ page: Page; login: Login }>;
  /** What this test does on purpose: messages that match are no faults. */
  allow(...patterns: readonly RegExp[]): void;
}

/** `describe` for tests in a browser: skipped, visibly, where the machine has none. */
export function describeInBrowser(name: string, tests: (bench: BrowserBench) => void, flags?: readonly string[]): void {
  if (executable === undefined) console.warn(`skipped, there is no Chromium (see MILLRACE_CHROMIUM): ${name}`);
  describe.skipIf(executable === undefined)(`in a browser: ${name}`, { timeout: TEST_MS_MAX }, () => {
    tests(registerBrowser(flags));
  });
}

/** One browser and one server for the tests of a file. After each, whatever a page complained about fails the test. */
function registerBrowser(flags?: readonly string[]): BrowserBench {
  let server: WebServer | undefined;
  let browser: Browser | undefined;
  let faults: string[] = [];
  let allowed: RegExp[] = [];

  beforeAll(async () => {
    await ensureWebBuilt(ROOT, process.execPath);
    server = await startWebServer(flags);
    browser = await launchChromium(executable as string);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
    const unexpected = faults.filter((fault) => !allowed.some((pattern) => pattern.test(fault)));
    [faults, allowed] = [[], []];
    expect(unexpected, 'what pages complained about').toEqual([]);
  });

  const running = (): WebServer => {
    if (!server) throw new Error('the server is started before the first test');
    return server;
  };
  const openContext = async (options: BrowserContextOptions = {}): Promise<BrowserContext> => {
    if (!browser) throw new Error('the browser is started before the first test');
    const context = await browser.newContext({ baseURL: running().url, reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    return context;
  };
  const openPage = async (context: BrowserContext, path: string): Promise<Page> => {
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(`${new URL(page.url()).pathname}: ${error.stack ?? error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`${new URL(page.url()).pathname}: ${message.text()}`);
    });
    await page.goto(path);
    return page;
  };
  const openWithin = async (context: BrowserContext, path = BEGINNING): Promise<Page> => {
    const page = await openPage(context, path);
    await page.getByRole('button', { name: /^Account of/ }).waitFor();
    return page;
  };
  return {
    get server() {
      return running();
    },
    open: async (path, options) => openPage(await openContext(options), path),
    async openAs(who, path) {
      const context = await openContext();
      await beginSession(context, running(), who);
      return openWithin(context, path);
    },
    async openNew({ path, ...investor } = {}) {
      const context = await openContext();
      const login = await register(context, running(), investor);
      return { page: await openWithin(context, path), login };
    },
    allow: (...patterns) => void allowed.push(...patterns),
  };
}
