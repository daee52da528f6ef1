import { existsSync } from 'node:fs';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { sections } from '../src/sections/index.ts';
import type { Audience, PageRoute } from '../src/sections/section.ts';
import {
  type BrowserBench,
  type Examples,
  describeInBrowser,
  expectAccessible,
  expectAmountsWhole,
  expectFitsTablets,
  expectPresentable,
  expectTouchable,
  settled,
  type WebServer,
} from './support/index.ts';

const PEOPLE = ['visitor', 'investor', 'operator'] as const;
type Person = (typeof PEOPLE)[number];
type State = Exclude<BrowserContextOptions['storageState'], string | undefined>;

const pages = sections.flatMap((section) => section.pages);

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

const nameOf = (path: string): string => (path === '/' ? 'landing' : path.slice(1).replaceAll(/[/$]+/g, '-'));

/** Pages of which lists may lead to a page's object: first the one that its address goes on from. */
function listsFor(path: string, person: Person): string[] {
  const isNear = (list: string): boolean => path.startsWith(`${list}/`);
  const lists = pages.filter((page) => sees(page.audience, person) && !page.path.includes('$') && page.path !== '/');
  return lists.map((list) => list.path).sort((one, other) => Number(isNear(other)) - Number(isNear(one)));
}

/** What a section makes for the walk of which the demonstration has nothing: its file in `examples/` says where it is then. */
async function exampleOf(path: string, server: WebServer): Promise<string | undefined> {
  const section = sections.find((one) => one.pages.some((page) => page.path === path))?.id;
  const file = new URL(`examples/${section}.ts`, import.meta.url);
  if (!existsSync(file)) return undefined;
  const { examples } = (await import(file.href)) as { examples: Examples };
  return examples[path]?.(server);
}

/**
 * Addresses of pages. One that shows an object is found as people find it, by the first link of a list that leads there: nothing
 * has to be said of it here, and a page that no list leads to is a fault.
 */
function createAddresses(bench: BrowserBench, openAs: (person: Person, path: string) => Promise<Page>) {
  const found = new Map<string, string>();
  async function find({ path, audience }: PageRoute): Promise<string> {
    const example = await exampleOf(path, bench.server);
    if (example !== undefined) return example;
    const person = PEOPLE.find((one) => sees(audience, one)) ?? 'operator';
    const pattern = new RegExp(`^${path.replaceAll(/\$\w+/g, '[^/?#]+')}$`);
    const isOther = (address: string): boolean => pages.some((page) => page.path === address);
    const page = await openAs(person, '/');
    for (const list of listsFor(path, person)) {
      await page.goto(list);
      await settled(page);
      const links = await page
        .locator('main a[href]')
        .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
      const link = links.find((address) => address !== null && pattern.test(address) && !isOther(address));
      if (link) return link;
    }
    throw new Error(
      `no list that a person sees (${person}) links to ${path}: the demo wants an object of it, or web/test/examples/ a file of its section`,
    );
  }
  return async (page: PageRoute): Promise<string> => {
    if (!page.path.includes('$')) return page.path;
    const address = found.get(page.path) ?? (await find(page));
    found.set(page.path, address);
    return address;
  };
}

describeInBrowser('every page', (bench) => {
  const openAs = createPeople(bench);
  const addressOf = createAddresses(bench, openAs);

  for (const person of PEOPLE) {
    for (const route of pages.filter(({ audience }) => sees(audience, person))) {
      const { path, audience } = route;
      test(`${path} is fit to be seen by a person: ${person}`, async () => {
        const page = await openAs(person, await addressOf(route));
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
      for (const other of others) {
        await page.goto(await addressOf(other));
        const title = person === 'visitor' ? 'Log in' : 'Not for this account';
        await page.getByRole('heading', { level: 1, name: title }).waitFor();
      }
    });
  }
});
