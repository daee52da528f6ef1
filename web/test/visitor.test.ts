import { expect, test } from 'vitest';
import { describeInBrowser, expectPresentable, logIn, signUp } from './support/index.ts';

describeInBrowser('a visitor', (bench) => {
  test('sees what goes on in this installation, moving by itself', async () => {
    const page = await bench.open('/');
    await page.getByText('Live from this installation').waitFor();
    const orders = page.locator('dt:has-text("Orders decided") + dd');
    const before = Number((await orders.innerText()).replaceAll(',', ''));
    expect(before).toBeGreaterThan(0);
    const { email, password } = bench.server.logins.find(({ role }) => role === 'investor') ?? {
      email: '',
      password: '',
    };
    const session = await page.request.post('/v1/auth/login', { data: { email, password } });
    const { token } = (await session.json()) as { token: string };
    const deposit = { kind: 'deposit', asset: 'USD', amount: '5.00' };
    await page.request.post('/v1/orders', { data: deposit, headers: { authorization: `Bearer ${token}` } });
    await expect.poll(async () => Number((await orders.innerText()).replaceAll(',', ''))).toBeGreaterThan(before);
    expect(await page.title()).toContain('Millrace');
  });

  test('is told when the numbers stand still, and sees them move again by themselves', async () => {
    bench.allow(/ERR_|status of 5\d\d/);
    const page = await bench.open('/');
    await page.getByText('Live from this installation').waitFor();
    await bench.server.halt();
    await page.getByText('Not live now').waitFor();
    await bench.server.resume();
    await page.getByText('Live from this installation').waitFor();
  });

  test('is one click away from the demo', async () => {
    const page = await bench.open('/');
    await page.getByRole('button', { name: 'Demo investor' }).click();
    await page.getByRole('button', { name: /^Account of/ }).waitFor();
    expect(new URL(page.url()).pathname).not.toBe('/');
  });

  test('signs up, is greeted by name, and is still there after a reload', async () => {
    const page = await bench.open('/');
    await signUp(page, 'Grace Hopper');
    await page.getByRole('button', { name: 'Account of Grace Hopper' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Account of Grace Hopper' }).waitFor();
  });

  test('who signs up twice, or with a password that everybody has, is told so in words', async () => {
    bench.allow(/status of 4\d\d/);
    const page = await bench.open('/signup');
    await page.getByLabel('Name').fill('Eve');
    await page.getByLabel('E-mail').fill(bench.server.logins[0]?.email ?? '');
    await page.getByRole('textbox', { name: 'Password' }).fill('password123');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('is one of the most common passwords').waitFor();
    await page.getByRole('textbox', { name: 'Password' }).fill('something much longer');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('Then log in instead').waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('Eve');
  });

  test('who asks for a page of one’s own logs in first, and is then where the link leads', async () => {
    const page = await bench.open('/notifications?from=mail');
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    const login = bench.server.logins[0];
    await page.getByLabel('E-mail').fill(login?.email ?? '');
    await page.getByRole('textbox', { name: 'Password' }).fill(login?.password ?? '');
    await page.getByRole('main').getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Notifications' }).waitFor();
    expect(new URL(page.url()).search).toBe('?from=mail');
  });

  test('a wrong password is said, and what was typed stays', async () => {
    bench.allow(/status of 401/);
    const page = await bench.open('/login');
    await page.getByLabel('E-mail').fill('nobody@test.example');
    await page.getByRole('textbox', { name: 'Password' }).fill('wrong password');
    await page.getByRole('main').getByRole('button', { name: 'Log in' }).click();
    await page.getByText('You are not logged in.').waitFor();
    expect(await page.getByLabel('E-mail').inputValue()).toBe('nobody@test.example');
  });

  test('an address that there is not is said to be none', async () => {
    const page = await bench.open('/no/such/page');
    await page.getByRole('heading', { name: 'Page not found' }).waitFor();
    await expectPresentable(page, 'not-found');
    await page.getByRole('link', { name: 'Go home' }).click();
    await page.getByText('Live from this installation').waitFor();
  });

  test('who logs out is at the first page, in every tab', async () => {
    const page = await bench.open('/login');
    await logIn(page, bench.server, 'operator');
    const other = await page.context().newPage();
    await other.goto('/settings');
    await other.getByText('No keys yet').waitFor();
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByText('Live from this installation').waitFor();
    await other.getByText('Live from this installation').waitFor();
  });
});
