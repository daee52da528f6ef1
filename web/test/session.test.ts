import type { Route } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  describeInBrowser,
  endSession,
  expectAccessible,
  expectPresentable,
  logIn,
  openLoan,
  personOf,
  signUp,
} from './support/index.ts';

describeInBrowser('a session', (bench) => {
  test('that expires asks for the password over the page; what was typed stays, and what was sent goes out', async () => {
    bench.allow(/status of 401/, /WebSocket/);
    const page = await bench.open('/');
    const login = await signUp(page);
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('my program');
    await page.route('**/v1/api-keys', (route) => endSession(page, bench.server).then(() => route.continue()), {
      times: 1,
    });
    await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
    const asked = page.getByRole('heading', { name: 'Your session has expired' });
    await asked.waitFor();
    await expectAccessible(page);
    // What is below stays, though the key that closes it is pressed.
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: `Password of ${login.email}` }).fill(login.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('This is the only time that the key of').waitFor();
    await page.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByRole('button', { name: 'Revoke my program' }).waitFor();
  });

  test('that has expired is not ended by another tab that finds out, and its log-in is everybody’s', async () => {
    bench.allow(/status of 401/, /WebSocket/);
    const page = await bench.open('/');
    const login = await signUp(page);
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('typed before');
    await endSession(page, bench.server);
    const other = await page.context().newPage();
    await other.goto('/orders');
    await other.getByRole('heading', { name: 'Log in' }).waitFor();
    // The live connection found out, too.
    const asked = page.getByRole('heading', { name: 'Your session has expired' });
    await asked.waitFor();
    await logIn(other, bench.server, login);
    await asked.waitFor({ state: 'detached' });
    await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
    await page.getByText('This is the only time that the key of typed before').waitFor();
  });

  test('keys are shown once, listed, and revoked', async () => {
    const page = await bench.open('/');
    await signUp(page);
    await page.goto('/settings');
    await page.getByText('No keys yet').waitFor();
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('reader');
    await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
    const key = await page.getByText(/^mrk_[\w-]{20}/).innerText();
    const answer = await fetch(`${bench.server.url}/v1/me`, { headers: { authorization: `Bearer ${key}` } });
    expect(answer.status).toBe(200);
    await page.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByRole('button', { name: 'Revoke reader' }).waitFor();
    await expectPresentable(page, 'settings');
    await page.getByRole('button', { name: 'Revoke reader' }).click();
    const gate = Promise.withResolvers<void>();
    await page.route('**/v1/api-keys/*', async (route) => {
      await gate.promise;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Revoke key' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Cancel' }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(1);
    gate.resolve();
    await page.getByText('No keys yet').waitFor();
    expect(await page.getByText(key).count()).toBe(0);
  });

  test('a server that restarts is missed, said, and found again without a reload, with what happened meanwhile', async () => {
    bench.allow(/ERR_|WebSocket|status of 5\d\d/);
    const id = await openLoan(bench.server, 'Ferry landing');
    const page = await bench.open('/login');
    await logIn(page, bench.server, 'investor');
    await page.goto(`/loans/${id}`);
    await page.getByText('Nobody has invested yet').waitFor();
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    await bench.server.halt();
    await page.getByText('Reconnecting …').waitFor();

    // The server is back before the page is: without a ticket it cannot connect.
    const refuse = (route: Route): Promise<void> => route.abort();
    await page.route('**/v1/auth/ticket', refuse);
    await bench.server.resume();
    const other = await personOf(bench.server, 'trader');
    await other.orders.submit({ kind: 'fund_loan', loan_id: id, amount: '300.00' });
    expect(await page.getByText('Reconnecting …').count()).toBe(1);
    await page.getByText('Nobody has invested yet').waitFor();

    await page.unroute('**/v1/auth/ticket', refuse);
    await page.getByText('Reconnecting …').waitFor({ state: 'detached' });
    await page.getByText('$700.00 still open').waitFor();
    const fundings = page.getByRole('list', { name: 'Investments, newest first' }).getByRole('listitem');
    await fundings.filter({ hasText: '$300.00' }).waitFor();
    expect(await fundings.count()).toBe(1);
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
  });

  test('the colours are the system’s, unless another choice is made, which lasts', async () => {
    const page = await bench.open('/login', { colorScheme: 'dark' });
    await logIn(page, bench.server, 'investor');
    const scheme = () => page.locator('html').getAttribute('data-mantine-color-scheme');
    expect(await scheme()).toBe('dark');
    await page.getByRole('button', { name: /^Account of/ }).click();
    await expectAccessible(page);
    await page.getByRole('menuitemradio', { name: 'Light' }).click();
    await expect.poll(scheme).toBe('light');
    await page.reload();
    await expect.poll(scheme).toBe('light');
  });

  test('the keyboard reaches the content at once, and a new page’s heading has the focus', async () => {
    const page = await bench.open('/login');
    await logIn(page, bench.server, 'investor');
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Notifications' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Notifications' }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  });
});
