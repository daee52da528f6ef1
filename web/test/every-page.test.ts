import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { sections } from '../src/sections/index.ts';
import type { Audience } from '../src/sections/section.ts';
import {
  type BrowserBench,
  describeInBrowser,
  expectAccessible,
  expectAmountsWhole,
  expectFitsTablets,
  expectPresentable,
  expectTouchable,
  operatorOf,
  settled,
  type WebServer,
} from './support/index.ts';

const PEOPLE = ['visitor', 'investor', 'operator'] as const;
type Person = (typeof PEOPLE)[number];
type State = Exclude<BrowserContextOptions['storageState'], string | undefined>;

/** For each page that shows an object, one of the demo's. A page that has no example here fails. */
const EXAMPLES: Record<string, (server: WebServer) => Promise<string | undefined>> = {
  loanId: async (server) => (await operatorOf(server).loans.list({ status: 'open', limit: 1 })).data[0]?.id,
  orderId: async (server) => {
    const query = { user_id: await investorOf(server), limit: 1 };
    return (await operatorOf(server).orders.list(query)).data[0]?.id;
  },
  accountId: async (server) => {
    const query = { owner: await investorOf(server), limit: 1 };
    return (await operatorOf(server).ledger.accounts(query)).data[0]?.id;
  },
  userId: async (server) => investorOf(server),
};

async function investorOf(server: WebServer): Promise<string> {
  const email = server.logins.find(({ role }) => role === 'investor')?.email ?? '';
  const { data } = await operatorOf(server).users.list({ search: email, limit: 1 });
  return data[0]?.id ?? '';
}

async function addressOf(path: string, server: WebServer): Promise<string> {
  const parts = path.split('/').map(async (part) => {
    if (!part.startsWith('$')) return part;
    const example = await EXAMPLES[part.slice(1)]?.(server);
    if (example === undefined) throw new Error(`the walk needs an example of ${part} for ${path}`);
    return example;
  });
  return (await Promise.all(parts)).join('/');
}

function sees(audience: Audience, person: Person): boolean {
  if (audience === 'everybody') return true;
  if (person === 'visitor') return audience === 'visitors';
  return audience !== 'visitors' && audience.includes(person);
}

/** Everybody logs in once for all pages. */
function createPeople(bench: BrowserBench) {
  const states = new Map<Person, State>();
  return async (person: Person, path: string): Promise<Page> => {
    if (person === 'visitor') return bench.open(path);
    let state = states.get(person);
    if (!state) {
      const page = await bench.openAs(person);
      state = await page.context().storageState();
      states.set(person, state);
    }
    return bench.open(path, { storageState: state });
  };
}

const pages = sections.flatMap((section) => section.pages);
const nameOf = (path: string): string => (path === '/' ? 'landing' : path.slice(1).replaceAll(/[/$]+/g, '-'));

describeInBrowser('every page', (bench) => {
  const openAs = createPeople(bench);

  for (const person of PEOPLE) {
    for (const { path, audience } of pages.filter((page) => sees(page.audience, person))) {
      test(`${path} is fit to be seen by a person: ${person}`, async () => {
        const page = await openAs(person, await addressOf(path, bench.server));
        await settled(page);
        expect(await page.getByRole('heading', { level: 1 }).allInnerTexts()).toEqual([expect.stringMatching(/\S/)]);
        expect(await page.title()).toMatch(/^(\S.* · Millrace|Millrace · .*\S)$/);
        // The same page for another role differs in little.
        const isFirst = PEOPLE.find((one) => sees(audience, one)) === person;
        if (isFirst) {
          await expectPresentable(page, `page-${nameOf(path)}`);
          await expectFitsTablets(page);
          await expectAmountsWhole(page);
          await expectTouchable(page);
        } else await expectAccessible(page);
      });
    }

    const others = pages.filter((page) => page.audience !== 'visitors' && !sees(page.audience, person));
    if (others.length === 0) continue;
    test(`what is not for them is shown to nobody: ${person}`, async () => {
      const page = await openAs(person, '/');
      for (const { path } of others) {
        await page.goto(await addressOf(path, bench.server));
        const title = person === 'visitor' ? 'Log in' : 'Not for this account';
        await page.getByRole('heading', { level: 1, name: title }).waitFor();
      }
    });
  }
});
