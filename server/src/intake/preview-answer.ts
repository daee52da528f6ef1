import { type Caller, seesAll } from '../core/caller.ts';
import { formatId } from '../core/ids.ts';
import { formatAmount } from '../core/money.ts';
import type { Result } from '../core/result.ts';
import { isOfUser, sideFor } from '../ledger/index.ts';
import type { Preview, PreviewAccount } from '../pipeline/preview.ts';
import type { PreviewAnswer } from './intake.ts';

/** A preview shows at most this many postings and events: a loan's last unit can have thousands. */
const PREVIEW_LINES_MAX = 100;

/**
 * What a command would do, as the caller may see it: postings as an explanation shows them, and, for who may read them, the
 * balances of the caller's own accounts.
 */
export function toPreviewAnswer(preview: Preview, caller: Caller): Result<PreviewAnswer> {
  const { outcome, postings, balances, events } = preview;
  if (outcome.type !== 'order') return { ok: false, problem: outcome.problem };
  const { status, reason, result, userId: owner } = outcome.order;
  const onlyOf = seesAll(caller) ? null : caller.actingFor;
  const shownBalances = caller.scopes.has('orders:read') ? balances : [];
  const isShown = ({ debit, credit }: { debit: PreviewAccount; credit: PreviewAccount }): boolean =>
    onlyOf === null || isOfUser(debit, onlyOf) || isOfUser(credit, onlyOf);
  return {
    ok: true,
    value: {
      status,
      reason,
      result,
      postings: postings
        .filter(isShown)
        .slice(0, PREVIEW_LINES_MAX)
        .map(({ debit, credit, amount, reason: why }) => ({
          debit: sideFor(debit, onlyOf),
          credit: sideFor(credit, onlyOf),
          asset: debit.asset,
          amount: formatAmount(amount, debit.scale),
          reason: why,
        })),
      balances: shownBalances
        .filter(({ account }) => isOfUser(account, owner))
        .map(({ account: { id, purpose, asset, scale }, balance, held }) => ({
          account: formatId('account', id),
          purpose,
          asset,
          balance: formatAmount(balance, scale),
          held: formatAmount(held, scale),
          available: formatAmount(balance - held, scale),
        })),
      events: events
        .filter((event) => event.userId === null || event.userId === owner)
        .slice(0, PREVIEW_LINES_MAX)
        .map(({ type, subject, data }) => ({ type, subject, data })),
    },
  };
}
