import { expect, test } from 'vitest';
import {
  describeInBrowser,
  expectAccessible,
  expectPresentable,
  logIn,
  operatorOf,
  personOf,
  signUp,
} from './support/index.ts';

const NEXT = 'another long phrase';

describeInBrowser('passwords and sessions', (bench) => {
  test('one’s own is changed by who knows it, and ends the other sessions, which are listed', async () => {
    bench.allow(/status of 4(22|01)/, /WebSocket/);
    const page = await bench.open('/');
    const login = await signUp(page, 'Paula Changes');
    const other = await bench.open('/login');
    await logIn(other, bench.server, login);
    await page.goto('/settings');
    const sessions = page.getByRole('region', { name: 'Sessions' });
    await sessions.getByText('This one').waitFor();
    await sessions.getByRole('button', { name: /^End the session of/ }).waitFor();
    await page.getByRole('button', { name: 'Change password' }).click();
    await expectPresentable(page, 'settings-password');
    await page.getByLabel('Current password').fill('not this one');
    await page.getByRole('textbox', { name: 'New password' }).fill(NEXT);
    await page.getByRole('button', { name: 'Set new password' }).click();
    await page.getByText('This is not your current password.').waitFor();
    await page.getByLabel('Current password').fill(login.password);
    await page.getByRole('button', { name: 'Set new password' }).click();
    await page.getByText('Your password was changed').waitFor();
    await expect.poll(() => sessions.getByRole('button', { name: /^End the session of/ }).count()).toBe(0);
    await other.context().close();
    await page.getByRole('button', { name: 'Log out everywhere' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Log out everywhere' }).click();
    await page.getByRole('link', { name: 'Sign up' }).first().waitFor();
    await logIn(page, bench.server, { ...login, password: NEXT });
  });

  test('an operator makes a link, its user sets a password with it, and the audit log tells', async () => {
    bench.allow(/status of 410/);
    const visitor = await bench.open('/');
    const login = await signUp(visitor, 'Fred Forgetful');
    await visitor.context().close();
    const page = await bench.open('/login');
    await logIn(page, bench.server, 'operator');
    const { data } = await operatorOf(bench.server).users.list({ search: login.email });
    await page.goto(`/operate/users/${data[0]?.id}`);
    await page.getByRole('button', { name: 'Reset link' }).click();
    await page.getByRole('button', { name: 'Make link' }).click();
    const url = await page.getByText(/reset-password#mrr_/).innerText();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'I have copied it' }).click();

    const fresh = await bench.open(new URL(url).pathname + new URL(url).hash);
    await fresh.getByRole('textbox', { name: 'New password' }).fill('password123');
    await fresh.getByLabel('Not met yet:').first().waitFor();
    await fresh.getByRole('textbox', { name: 'New password' }).fill(NEXT);
    await expectPresentable(fresh, 'reset-password-with-link');
    await fresh.getByRole('button', { name: 'Set password' }).click();
    await fresh.getByText('Your new password is set').waitFor();
    await logIn(fresh, bench.server, { ...login, password: NEXT });

    const again = await bench.open(new URL(url).pathname + new URL(url).hash);
    await again.getByRole('textbox', { name: 'New password' }).fill(NEXT);
    await again.getByRole('button', { name: 'Set password' }).click();
    await again.getByText('The password was not set.').waitFor();

    await page.goto('/operate/audit');
    const log = page.getByRole('table');
    await log.getByText('Reset link made').first().waitFor();
    await expectPresentable(page, 'operate-audit');
    await page.getByRole('search', { name: 'Audit log' }).getByRole('searchbox').fill(login.email);
    await log.getByText('Password set with a link').first().waitFor();
    await expect.poll(() => log.getByText('Log-in', { exact: true }).count()).toBe(0);
    expect((await (await personOf(bench.server, 'investor')).me()).role).toBe('investor');
  });
});
