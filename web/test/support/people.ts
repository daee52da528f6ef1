import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import type { Login, WebServer } from './web-server.ts';

const newEmail = (): string => `${randomBytes(6).toString('hex')}@test.example`;

/** Signs a new investor up, through the form, and waits until they are in. */
export async function signUp(page: Page, name = 'Ada Lovelace', email = newEmail()): Promise<Login> {
  const login = {
    role: 'investor',
    email,
    password: `a long password ${randomBytes(4).toString('hex')}`,
  };
  await page.goto('/signup');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill(login.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(login.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('button', { name: /^Account of/ }).waitFor();
  return login;
}

/** Logs in as one of the demo's people (`investor`, `trader`, `operator`), or as somebody with a login. */
export async function logIn(page: Page, server: WebServer, who: string | Login): Promise<void> {
  const login = typeof who === 'string' ? server.logins.find(({ role }) => role === who) : who;
  if (!login) throw new Error(`the demo has nobody who is ${JSON.stringify(who)}`);
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
