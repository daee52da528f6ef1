import { createClient, newOrderId } from '@millrace/client';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  describeInBrowser,
  expectAmountsWhole,
  expectNoHorizontalScroll,
  expectNoOverlap,
  inEveryWidth,
  type Login,
  openLoan,
  operatorOf,
  screenshot,
  settled,
  type WebServer,
} from './support/index.ts';

const NAME = `Wolfeschlegelsteinhausenbergerdorff${'welche'.repeat(9)} Maria-Antonia`.slice(0, 100).padEnd(100, 'x');
const PURPOSE = `${'Donaudampfschifffahrtselektrizitaeten'.repeat(4)} hauptbetriebswerk und ein neues Dach `.padEnd(
  200,
  'w',
);
const LOAN = '9000000000000.00';
const STAKE = '987654321098.76';
/** The most that one deposit may bring, and the most orders of a batch. */
const DEPOSIT = '1000000000.00';
const DEPOSITS = 1_000;

/** It is every page, twice: generous on purpose. */
const PAGES_MS_MAX = 240_000;

/** A user with the longest name who owns, and has put into a loan, amounts of fifteen digits. */
async function makeExtremes(page: Page, server: WebServer, { email, password }: Login) {
  const { token } = await createClient({ url: server.url }).auth.logIn({ email, password });
  const person = createClient({ url: server.url, token });
  const loan = await openLoan(server, PURPOSE, { amount: LOAN });
  const deposit = { kind: 'deposit', asset: 'USD', amount: DEPOSIT } as const;
  await person.orders.submitBatch(Array.from({ length: DEPOSITS }, () => ({ ...deposit, id: newOrderId() })));
  const order = await person.orders.submit({ kind: 'fund_loan', loan_id: loan, amount: STAKE });
  expect(order.status).toBe('completed');
  const { id } = await person.me();
  const accounts = await operatorOf(server).ledger.accounts({ owner: id });
  return { id, loan, order: order.id, account: accounts.data[0]?.id ?? '' };
}

async function expectWhole(page: Page, path: string, name: string): Promise<void> {
  await page.goto(path);
  await settled(page);
  await inEveryWidth(page, async (width) => {
    await screenshot(page, `long-${name}-${width}`);
    await expectNoHorizontalScroll(page);
    await expectNoOverlap(page);
  });
  await expectAmountsWhole(page);
}

describeInBrowser(
  'the longest names and the largest amounts',
  (bench) => {
    test('break no page', { timeout: PAGES_MS_MAX }, async () => {
      const { page, login } = await bench.openNew({ name: NAME, email: `${'e'.repeat(87)}@test.example` });
      const { id, loan, order, account } = await makeExtremes(page, bench.server, login);
      for (const path of ['/loans', '/portfolio', '/statement', '/cash', '/orders', '/settings', '/notifications']) {
        await expectWhole(page, path, path.slice(1));
      }
      await expectWhole(page, `/loans/${loan}`, 'loan');
      await expectWhole(page, `/orders/${order}`, 'order');

      const operator = await bench.openAs('operator');
      await expectWhole(operator, '/operate', 'operate');
      await expectWhole(operator, '/operate/orders', 'operate-orders');
      await expectWhole(operator, '/operate/ledger', 'operate-ledger');
      await expectWhole(operator, `/operate/ledger/${account}`, 'operate-account');
      await expectWhole(operator, `/operate/users?search=${login.email}`, 'operate-users');
      await expectWhole(operator, `/operate/users/${id}`, 'operate-user');
      await expectWhole(operator, `/loans/${loan}`, 'operator-loan');
    });
  },
  ['--loan-amount-max', '10000000000000'],
);
