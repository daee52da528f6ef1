import type { WireAccount, WirePage } from '@millrace/contract';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { formatMoney } from '../../src/money/index.ts';
import type { BrowserBench } from './browser.ts';
import type { Login } from './web-server.ts';

/** What the API says to the user who is logged in on the page. */
export async function read<Answer>(page: Page, path: string): Promise<Answer> {
  return (await (await page.request.get(path)).json()) as Answer;
}

interface WithMoney {
  page: Page;
  login: Login;
  account: WireAccount;
}

/** A page of a new investor who has the starting balance, which comes a moment after they are made. */
export async function openWithMoney(bench: BrowserBench, path?: string): Promise<WithMoney> {
  const { page, login } = await bench.openNew(path === undefined ? {} : { path });
  let account: WireAccount | undefined;
  await expect
    .poll(async () => {
      account = (await read<WirePage<WireAccount>>(page, '/v1/accounts')).data[0];
      return Number(account?.available ?? 0);
    })
    .toBeGreaterThan(0);
  return { page, login, account: account as WireAccount };
}

/** As the pages write it. */
export function dollars(amount: string): string {
  return formatMoney(amount, 'USD');
}
