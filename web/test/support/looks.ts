import axe from 'axe-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const FOLDER = join(import.meta.dirname, '..', '..', 'test-output', 'screenshots');
const WIDTHS = [360, 1440] as const;
/** Longer than from one script to the next that it asks for. */
const QUIET_MS = 400;
const HEIGHTS = { 360: 780, 1440: 900 } as const;

/** Waits until the page is all there: its heading, and nothing any more that stands in for what is still on the way. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(
    () => !document.querySelector('.mantine-Skeleton-root') && !document.body.innerText.includes('Loading …'),
  );
}

/** Waits until nothing is loaded and nothing is written any more: what comes after a page stands, such as its charts. */
export async function calm(page: Page): Promise<void> {
  await page.evaluate(
    (quietMs) =>
      new Promise<void>((resolve) => {
        const end = (): void => {
          mutations.disconnect();
          resources.disconnect();
          resolve();
        };
        let timer = setTimeout(end, quietMs);
        const again = (): void => {
          clearTimeout(timer);
          timer = setTimeout(end, quietMs);
        };
        const mutations = new MutationObserver(again);
        mutations.observe(document.body, { subtree: true, childList: true });
        const resources = new PerformanceObserver(again);
        resources.observe({ type: 'resource' });
      }),
    QUIET_MS,
  );
}

/** What depends on the colours only. */
const RULES_OF_COLOR = ['color-contrast', 'link-in-text-block'];

/** No violation of WCAG that matters, by axe; `rules`: those only. */
export async function expectAccessible(page: Page, rules?: readonly string[]): Promise<void> {
  // Into a page once, and without reading its style sheets again: either would take as long as the rules themselves.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const grave = await page.evaluate(async (only) => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
      preload: false,
      ...(only ? { runOnly: [...only] } : {}),
    });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`) }));
  }, rules);
  expect(grave).toEqual([]);
}

/** The page scrolls down, never sideways. */
export async function expectNoHorizontalScroll(page: Page): Promise<void> {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect({ at: new URL(page.url()).pathname, width: page.viewportSize()?.width, excess }).toEqual({
    at: new URL(page.url()).pathname,
    width: page.viewportSize()?.width,
    excess: 0,
  });
}

const TABLET_WIDTHS = [768, 1024] as const;

/** Between the narrow and the wide: what is too wide scrolls in a box of its own, which the keyboard reaches. Leaves it wide. */
export async function expectFitsTablets(page: Page): Promise<void> {
  for (const width of TABLET_WIDTHS) {
    await page.setViewportSize({ width, height: 1024 });
    await expectNoHorizontalScroll(page);
    await expect
      .poll(() => page.evaluate(findUnreachable), { message: `what scrolls sideways at ${width}` })
      .toEqual([]);
  }
  await page.setViewportSize({ width: 1440, height: HEIGHTS[1440] });
}

/** Runs in the page. */
function findUnreachable(): string[] {
  return [...document.querySelectorAll<HTMLElement>('main *')]
    .filter((box) => box.scrollWidth > box.clientWidth && /auto|scroll/.test(getComputedStyle(box).overflowX))
    .filter((box) => box.tabIndex !== 0 || !box.role || !box.ariaLabel)
    .map((box) => box.outerHTML.slice(0, 200));
}

/** No amount goes over two lines, even where it has no room at all. */
export async function expectAmountsWhole(page: Page): Promise<void> {
  const breakable = await page.evaluate(findBreakable);
  expect.soft({ at: new URL(page.url()).pathname, breakable }).toMatchObject({ breakable: [] });
}

/** Runs in the page: beside each amount stands, for one measurement of all, a copy that is given a pixel. */
function findBreakable(): string[] {
  const copies = [...document.querySelectorAll<HTMLElement>('[data-money]')].map((amount) => {
    const place = document.createElement('span');
    place.style.cssText = 'display: inline-block; width: 1px; overflow-wrap: anywhere';
    const copy = amount.cloneNode(true) as HTMLElement;
    place.append(copy);
    amount.after(place);
    return { place, copy };
  });
  const broken = copies.filter(
    ({ copy }) => new Set([...copy.getClientRects()].map(({ top }) => Math.round(top))).size > 1,
  );
  for (const { place } of copies) place.remove();
  return broken.map(({ copy }) => copy.textContent ?? '');
}

const PHONE = { width: 360, height: 740 } as const;
/** https://www.w3.org/WAI/WCAG22/Understanding/target-size-enhanced */
const TARGET_PX = 44;

/** What a finger presses on a phone is large enough; a link within a sentence is as high as its line. Leaves the page wide. */
export async function expectTouchable(page: Page): Promise<void> {
  await page.setViewportSize(PHONE);
  const small = await page.evaluate(findSmallTargets, TARGET_PX);
  expect.soft({ at: new URL(page.url()).pathname, small }).toMatchObject({ small: [] });
  await page.setViewportSize({ width: 1440, height: HEIGHTS[1440] });
}

/** Runs in the page. */
function findSmallTargets(px: number): string[] {
  const targets = 'a, button, input, select, summary, [role=tab], [role=menuitem], [role=switch], [role=button]';
  return [...document.querySelectorAll<HTMLElement>(targets)]
    .filter((target) => target.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
    .filter((target) => {
      const isInSentence =
        target.tagName === 'A' && (target.parentElement?.innerText ?? '').trim() !== target.innerText.trim();
      const pressed = target.matches('[type=checkbox], [type=radio]')
        ? (target.closest<HTMLElement>('.mantine-Checkbox-body, .mantine-Radio-body, .mantine-Switch-body') ?? target)
        : (target.closest<HTMLElement>('.mantine-PasswordInput-input') ?? target);
      const { width, height } = pressed.getBoundingClientRect();
      // What only screen readers see is a pixel.
      if (width <= 2 || height <= 2 || isInSentence) return false;
      return height < px - 0.5;
    })
    .map((target) => `${target.getBoundingClientRect().height}: ${target.outerHTML.slice(0, 160)}`);
}

/** Looks at the page narrow and wide. Leaves it wide. */
export async function inEveryWidth(page: Page, look: (width: number) => Promise<void>): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHTS[width] });
    await look(width);
  }
}

/** No text lies on another text, or runs out of the page. Text that is cut off on purpose counts as far as it is seen. */
export async function expectNoOverlap(page: Page): Promise<void> {
  const problems = await page.evaluate(findOverlaps);
  expect
    .soft({ at: new URL(page.url()).pathname, width: page.viewportSize()?.width, problems })
    .toMatchObject({ problems: [] });
}

/** Runs in the page. */
function findOverlaps(): string[] {
  const seen: { text: string; box: DOMRect }[] = [];
  const walker = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? '';
    if (text === '' || !node.parentElement?.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      let [left, top, right, bottom] = [rect.left, rect.top, rect.right, rect.bottom];
      for (let box: Element | null = node.parentElement; box && box !== document.body; box = box.parentElement) {
        if (getComputedStyle(box).overflow === 'visible') continue;
        const edge = box.getBoundingClientRect();
        [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
        [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
      }
      // What only screen readers see is a pixel.
      if (right - left > 2 && bottom - top > 2)
        seen.push({ text, box: new DOMRect(left, top, right - left, bottom - top) });
    }
  }
  const width = document.documentElement.clientWidth;
  const outside = seen.filter(({ box }) => box.right > width + 1).map(({ text }) => `outside: ${text}`);
  const crossing = seen.flatMap((one, index) =>
    seen.slice(index + 1).flatMap((other) => {
      if (one.text === other.text) return [];
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      // Lines of text stand closer than their boxes are high.
      return across > 2 && down > 6 ? [`${one.text} × ${other.text}`] : [];
    }),
  );
  return [...outside, ...crossing];
}

/** What differs in the dark are the colours, and these are the same at every width. */
const LOOKS = [
  { width: 360, colorScheme: 'light' },
  { width: 1440, colorScheme: 'dark' },
  { width: 1440, colorScheme: 'light' },
] as const;

/** Looks at the page narrow, and wide in the dark and in the light. Leaves it wide and light. */
export async function inEveryLook(page: Page, look: (name: string) => Promise<void>): Promise<void> {
  for (const { width, colorScheme } of LOOKS) {
    await page.setViewportSize({ width, height: HEIGHTS[width] });
    await page.emulateMedia({ colorScheme });
    await look(`${width}-${colorScheme}`);
  }
}

/** A picture of the whole page as it is, where pictures are wanted: no test looks at them. */
async function picture(page: Page, name: string): Promise<void> {
  if (process.env['MILLRACE_PICTURES'] !== '1') return;
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true });
}

/** Pictures of the whole page in every look, for people: only with `MILLRACE_PICTURES=1`. */
export async function screenshots(page: Page, name: string): Promise<void> {
  if (process.env['MILLRACE_PICTURES'] === '1') await inEveryLook(page, (look) => picture(page, `${name}-${look}`));
}

/** The same of the page as it is. */
export const screenshot = picture;

/** All of it: pictures, nothing sideways, and accessible, in every look. */
export async function expectPresentable(page: Page, name: string): Promise<void> {
  await inEveryLook(page, async (look) => {
    await picture(page, `${name}-${look}`);
    await expectNoHorizontalScroll(page);
    // In the dark there is nothing else to find than in the light, but by its colours.
    await expectAccessible(page, look.endsWith('dark') ? RULES_OF_COLOR : undefined);
  });
}
