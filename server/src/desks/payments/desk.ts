import type { Desk } from '../desk.ts';
import { writeRows } from '../kit/index.ts';
import { decidePayments, PAYMENTS_KINDS } from './decide/index.ts';
import { loadPayments } from './load.ts';
import { applyPayments, type PaymentsChange, type PaymentsRows } from './rows.ts';
import { type PaymentsOptions, paymentsSettings } from './settings.ts';

/**
 * Money that comes in, goes out, and goes from one to another. Withdrawals are the one kind that waits for the
 * outside: their money is held until the bank has answered. The rules are at each decision, under `decide/`.
 *
 * @throws RangeError where a limit is no decimal string.
 */
export function createPaymentsDesk(options: PaymentsOptions): Desk<PaymentsRows, PaymentsChange> {
  const settings = paymentsSettings(options);
  return {
    name: 'payments',
    kinds: PAYMENTS_KINDS,
    load: (loader, commands) => loadPayments(loader, commands, settings.currency.code),
    decide: (command, view) => decidePayments(command, view, settings),
    apply: applyPayments,
    summarize: () => [],
    write: writeRows,
  };
}
