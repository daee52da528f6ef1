import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type BrowserBench, describeInBrowser, endSession, expectAccessible, logIn, signUp } from './support/index.ts';
import type { Login } from './support/web-server.ts';

/** Logs another user in behind the page's back, as a program with the browser's cookies does: no tab hears of it. */
async function logInSilently(page: Page, bench: BrowserBench, { email, password }: Login): Promise<void> {
  const answer = await page.request.post('/v1/auth/login', {
    headers: { origin: bench.server.url },
    data: { email, password },
  });
  expect(answer.status()).toBe(200);
}

async function newPerson(bench: BrowserBench, name: string): Promise<Login> {
  const page = await bench.open('/');
  const login = await signUp(page, name);
  await page.context().close();
  return login;
}

const keysOf = async (bench: BrowserBench, { email, password }: Login): Promise<{ name: string }[]> => {
  const call = async (path: string, init: RequestInit): Promise<Record<string, unknown>> =>
    (await (await fetch(`${bench.server.url}${path}`, init)).json()) as Record<string, unknown>;
  const headers = { 'content-type': 'application/json' };
  const { token } = await call('/v1/auth/login', {
    method: 'POST',
    headers,
    body: JSON.stringify({ email, password }),
  });
  const { data } = await call('/v1/api-keys', { headers: { authorization: `Bearer ${String(token)}` } });
  return data as { name: string }[];
};

/** Everything but the last click. */
async function fillInKey(page: Page, name: string): Promise<void> {
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
}

const confirm = (page: Page): Promise<void> =>
  page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
const covered = (page: Page) => page.getByRole('heading', { name: 'Another user is logged in' });
const accountOf = (page: Page, name: string) => page.getByRole('button', { name: `Account of ${name}` });

describeInBrowser('two users in one browser', (bench) => {
  test('what is confirmed on a page is not done for another user, and the page says so', async () => {
    bench.allow(/status of 409/, /WebSocket/);
    const bob = await newPerson(bench, 'Bob Other');
    const page = await bench.open('/');
    const alice = await signUp(page, 'Alice First');
    await fillInKey(page, 'of Alice');
    await logInSilently(page, bench, bob);
    await confirm(page);
    await covered(page).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await covered(page).waitFor();
    expect({ alice: await keysOf(bench, alice), bob: await keysOf(bench, bob) }).toEqual({ alice: [], bob: [] });
    await page.getByRole('button', { name: 'Load the page of who is logged in' }).click();
    await accountOf(page, 'Bob Other').waitFor();
  });

  test('who logs out on an old page does not log the other user out', async () => {
    bench.allow(/status of 409/, /WebSocket/);
    const bob = await newPerson(bench, 'Bob Other');
    const page = await bench.open('/');
    await signUp(page, 'Alice First');
    await page.goto('/settings');
    await page.getByText('No keys yet').waitFor();
    // Nothing is being asked any more that would find out first.
    await page.waitForLoadState('networkidle');
    await accountOf(page, 'Alice First').click();
    await logInSilently(page, bench, bob);
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await covered(page).waitFor();
    await page.getByRole('button', { name: 'Load the page of who is logged in' }).click();
    await accountOf(page, 'Bob Other').waitFor();
  });

  test('an old page leaves by itself when another tab logs out and in as another user', async () => {
    bench.allow(/status of 40[19]/, /WebSocket/);
    const bob = await newPerson(bench, 'Bob Other');
    const page = await bench.open('/');
    const alice = await signUp(page, 'Alice First');
    await fillInKey(page, 'of Alice');
    const other = await page.context().newPage();
    await other.goto('/orders');
    await accountOf(other, 'Alice First').click();
    await other.getByRole('menuitem', { name: 'Log out' }).click();
    await other.waitForURL((url) => url.pathname === '/');
    await logIn(other, bench.server, bob);
    await page.getByRole('textbox', { name: 'Name' }).waitFor({ state: 'detached' });
    await page.reload();
    await accountOf(page, 'Bob Other').waitFor();
    expect({ alice: await keysOf(bench, alice), bob: await keysOf(bench, bob) }).toEqual({ alice: [], bob: [] });
  });

  test('a session that expired is renewed for the user of the page, no matter who logged in meanwhile', async () => {
    bench.allow(/status of 40[19]/, /WebSocket/);
    const bob = await newPerson(bench, 'Bob Other');
    const page = await bench.open('/');
    const alice = await signUp(page, 'Alice First');
    await fillInKey(page, 'of Alice');
    await page.route('**/v1/api-keys', (route) => endSession(page, bench.server).then(() => route.continue()), {
      times: 1,
    });
    await confirm(page);
    await page.getByRole('heading', { name: 'Your session has expired' }).waitFor();
    await logInSilently(page, bench, bob);
    await page.getByRole('textbox', { name: `Password of ${alice.email}` }).fill(alice.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('This is the only time that the key of').waitFor();
    expect((await keysOf(bench, alice)).map(({ name }) => name)).toEqual(['of Alice']);
    expect(await keysOf(bench, bob)).toEqual([]);
  });
});
