import type { WireAccount, WirePage } from '@millrace/contract';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { formatMoney } from '../../src/money/index.ts';
import { signUp } from './people.ts';
import type { Login } from './web-server.ts';

/** What the API says to whoever is logged in on the page. */
export async function read<Answer>(page: Page, path: string): Promise<Answer> {
  return (await (await page.request.get(path)).json()) as Answer;
}

/** Signs up, and waits for the starting balance, which comes a moment later. */
export async function signUpWithMoney(page: Page): Promise<{ login: Login; account: WireAccount }> {
  const login = await signUp(page);
  let account: WireAccount | undefined;
  await expect
    .poll(async () => {
      account = (await read<WirePage<WireAccount>>(page, '/v1/accounts')).data[0];
      return Number(account?.available ?? 0);
    })
    .toBeGreaterThan(0);
  return { login, account: account as WireAccount };
}

/** As the pages write it. */
export function dollars(amount: string): string {
  return formatMoney(amount, 'USD');
}
