import { randomBytes } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser, openLoan } from './support/index.ts';

/** More than any page has before what a test looks for. */
const STEPS_MAX = 120;

/** Goes on by Tab until it is reached. Wherever it stops on the way, one sees where one is. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let step = 0; step < STEPS_MAX; step += 1) {
    await page.keyboard.press('Tab');
    await expectVisibleFocus(page);
    if (await target.evaluateAll((elements) => elements.includes(document.activeElement as HTMLElement))) return;
  }
  throw new Error(`${STEPS_MAX} steps did not lead to ${target.toString()}`);
}

async function expectVisibleFocus(page: Page): Promise<void> {
  const problem = await page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return 'the focus is nowhere';
    // The same element without the focus, to see what the focus changes. Mantine shows it on inputs by their border.
    const looksOf = (one: Element): string => {
      const { outline, outlineStyle, borderColor, boxShadow } = getComputedStyle(one);
      return [outlineStyle === 'none' ? '' : outline, borderColor, boxShadow].join(' | ');
    };
    const focused = looksOf(element);
    const twin = element.cloneNode(false) as HTMLElement;
    twin.removeAttribute('id');
    element.after(twin);
    const plain = looksOf(twin);
    twin.remove();
    if (focused === plain) return `the focus is not seen: ${element.outerHTML.slice(0, 200)}`;
    const { top, bottom, left, right, width } = element.getBoundingClientRect();
    const isInside = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth && width > 0;
    return isInside ? null : `the focus is outside of what is seen: ${element.outerHTML.slice(0, 200)}`;
  });
  expect(problem).toBeNull();
}

async function expectFocusOnHeading(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
}

async function expectFocus(target: Locator): Promise<void> {
  await expect.poll(() => target.evaluate((element) => element === document.activeElement)).toBe(true);
}

describeInBrowser('the keyboard alone', (bench) => {
  test('signs up, finds a loan, invests, and never loses its place', async () => {
    await openLoan(bench.server, 'Reading room');
    const page = await bench.open('/');
    await page.getByText('Live from this installation').waitFor();
    await tabTo(page, page.getByRole('link', { name: 'Start investing' }));
    await page.keyboard.press('Enter');
    await expectFocusOnHeading(page, /./);

    await tabTo(page, page.getByLabel('Name'));
    await page.keyboard.type('Louis Braille');
    await tabTo(page, page.getByLabel('E-mail'));
    await page.keyboard.type(`${randomBytes(6).toString('hex')}@test.example`);
    await tabTo(page, page.getByRole('textbox', { name: 'Password' }));
    await page.keyboard.type('six dots are enough');
    await tabTo(page, page.getByRole('button', { name: 'Create account' }));
    await page.keyboard.press('Space');
    await expectFocusOnHeading(page, 'Loans');

    await tabTo(page, page.getByRole('link', { name: 'Reading room' }));
    await page.keyboard.press('Enter');
    await expectFocusOnHeading(page, 'Reading room');
    await tabTo(page, page.getByLabel('Amount in USD'));
    await page.keyboard.type('40');
    await page.getByText('You get back in all').waitFor();
    await tabTo(page, page.getByRole('button', { name: 'Review' }));
    await page.keyboard.press('Enter');
    await expectFocus(page.getByRole('heading', { name: /^Invest \$40\.00/ }));
    await tabTo(page, page.getByRole('button', { name: 'Confirm' }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '$40.00 invested' }).waitFor();
    await tabTo(page, page.getByRole('link', { name: 'See the order' }));
    await page.keyboard.press('Enter');
    await expectFocusOnHeading(page, 'Invest $40.00 in a loan');

    const raw = page.getByRole('button', { name: 'Raw JSON' });
    await tabTo(page, raw);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)).toBe(true);
    await tabTo(page, page.getByRole('dialog').getByRole('button', { name: 'Copy JSON' }));
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expectFocus(raw);
  });

  test('opens what stands in the header, and is where it was when it closes', async () => {
    const page = await bench.open('/');
    await page.getByText('Live from this installation').waitFor();
    await tabTo(page, page.getByRole('button', { name: 'Demo investor' }));
    await page.keyboard.press('Enter');
    await expectFocusOnHeading(page, 'Loans');
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();

    const bell = page.getByRole('button', { name: /^Notifications/ });
    await tabTo(page, bell);
    await page.keyboard.press('Enter');
    await expectFocus(page.getByRole('link', { name: 'See all' }));
    await page.keyboard.press('Escape');
    await expectFocus(bell);
    const account = page.getByRole('button', { name: /^Account of/ });
    await tabTo(page, account);
    await page.keyboard.press('Enter');
    const settings = page.getByRole('menuitem', { name: 'Settings' });
    await settings.waitFor();
    await page.keyboard.press('Escape');
    await settings.waitFor({ state: 'detached' });
    await expectFocus(account);
    await page.keyboard.press('Enter');
    await settings.waitFor();
    await expect
      .poll(async () => {
        await page.keyboard.press('ArrowDown');
        return settings.evaluate((item) => item === document.activeElement);
      })
      .toBe(true);
    await page.keyboard.press('Enter');
    await expectFocusOnHeading(page, 'Settings');

    const create = page.getByRole('button', { name: 'Create key' });
    await tabTo(page, create);
    await page.keyboard.press('Enter');
    await expectFocus(page.getByRole('textbox', { name: 'Name' }));
    await page.keyboard.press('Escape');
    await expectFocus(create);
  });
});
