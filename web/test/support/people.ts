import { randomBytes } from 'node:crypto';
import type { BrowserContext, Page } from 'playwright-core';
import type { Login, WebServer } from './web-server.ts';

const newEmail = (): string => `${randomBytes(6).toString('hex')}@test.example`;

const newLogin = (email = newEmail()): Login => ({
  role: 'investor',
  email,
  password: `a long password ${randomBytes(4).toString('hex')}`,
});

/** One of the demo's people (`investor`, `trader`, `operator`), or another user with a login. */
function loginOf(server: WebServer, who: string | Login): Login {
  const login = typeof who === 'string' ? server.logins.find(({ role }) => role === who) : who;
  if (!login) throw new Error(`the demo has nobody who is ${JSON.stringify(who)}`);
  return login;
}

/** Gives a context the session of a user, without a page. */
export async function beginSession(context: BrowserContext, server: WebServer, who: string | Login): Promise<void> {
  const { email, password } = loginOf(server, who);
  await begin(context, server, '/v1/auth/login', { email, password });
}

/** Makes a new investor, and gives a context their session, without a page. */
export async function register(
  context: BrowserContext,
  server: WebServer,
  { name = 'Ada Lovelace', email }: { name?: string; email?: string } = {},
): Promise<Login> {
  const login = newLogin(email);
  await begin(context, server, '/v1/auth/registration', { name, email: login.email, password: login.password });
  return login;
}

/** The context then has the cookie, and the note of the pages that there is one (web/src/session/hint.ts). */
async function begin(context: BrowserContext, server: WebServer, path: string, data: object): Promise<void> {
  const answer = await context.request.post(path, { data, headers: { origin: server.url } });
  if (!answer.ok()) throw new Error(`${path} was answered with ${answer.status()}: ${await answer.text()}`);
  const { user } = (await answer.json()) as { user: { id: string } };
  const note = { name: 'millrace-has-session', value: user.id };
  const { cookies } = await context.storageState();
  await context.setStorageState({ cookies, origins: [{ origin: server.url, localStorage: [note] }] });
}

/** Signs a new investor up, through the form, and waits until they are in. */
export async function signUp(page: Page, name = 'Ada Lovelace', email = newEmail()): Promise<Login> {
  const login = newLogin(email);
  await page.goto('/signup');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill(login.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(login.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('button', { name: /^Account of/ }).waitFor();
  return login;
}

/** Logs in through the form, and waits until the user is in. */
export async function logIn(page: Page, server: WebServer, who: string | Login): Promise<void> {
  const login = loginOf(server, who);
  await page.goto('/login');
  await page.getByLabel('E-mail').fill(login.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(login.password);
  await page.getByRole('main').getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: /^Account of/ }).waitFor();
}

/** Ends the session of a page behind its back, as time does. */
export async function endSession(page: Page, server: WebServer): Promise<void> {
  const answer = await page.request.post('/v1/auth/logout', { headers: { origin: server.url } });
  if (answer.status() !== 204) throw new Error(`the session was not ended: ${answer.status()}`);
}
