import { type Caller, seesAll } from '../core/caller.ts';
import { formatId } from '../core/ids.ts';
import { formatAmount } from '../core/money.ts';
import type { Result } from '../core/result.ts';
import { type AccountKey, isOfUser, type Side, sideFor } from '../ledger/index.ts';
import type { Batch } from '../pipeline/index.ts';
import { type PreviewAnswer } from './intake.ts';

/** A preview shows at most this many postings and events: a loan's last unit can have thousands. */
const PREVIEW_LINES_MAX = 100;

function scaleIn({ assets, parts }: Batch, asset: string): number {
  const known = assets.get(asset);
  if (known) return known.scale;
  for (const { desk, rows } of parts) {
    const scale = desk.scaleOf?.(rows, asset);
    if (scale !== undefined) return scale;
  }
  return assets.currency.scale;
}

/**
 * What a batch of one command would have done, as the caller may see it: postings as an explanation shows them, and the balances of
 * the own accounts.
 */
export function toPreviewAnswer(batch: Batch, caller: Caller): Result<PreviewAnswer> {
  const outcome = batch.outcomes[0];
  if (outcome?.type !== 'order') {
    return { ok: false, problem: outcome?.problem ?? { code: 'internal_error', detail: 'Nothing was decided.' } };
  }
  const { order } = outcome;
  const owner = order.userId;
  const scaleOf = (asset: string): number => scaleIn(batch, asset);
  const { accounts, transfers } = batch.ledger;
  const onlyOf = seesAll(caller) ? null : caller.actingFor;
  const sideOf = (key: AccountKey): Side => sideFor({ ...key, id: batch.accountIds(key) }, onlyOf);
  const isShown = ({ debit, credit }: { debit: AccountKey; credit: AccountKey }): boolean =>
    onlyOf === null || isOfUser(debit, onlyOf) || isOfUser(credit, onlyOf);
  return {
    ok: true,
    value: {
      status: order.status,
      reason: order.reason,
      result: order.result,
      postings: transfers
        .filter(isShown)
        .slice(0, PREVIEW_LINES_MAX)
        .map(({ debit, credit, amount, reason }) => ({
          debit: sideOf(debit),
          credit: sideOf(credit),
          asset: debit.asset,
          amount: formatAmount(amount, scaleOf(debit.asset)),
          reason,
        })),
      balances: [...accounts.values()]
        .filter(({ key }) => isOfUser(key, owner))
        .map(({ key, balance, held }) => ({
          account: formatId('account', batch.accountIds(key)),
          purpose: key.purpose,
          asset: key.asset,
          balance: formatAmount(balance, scaleOf(key.asset)),
          held: formatAmount(held, scaleOf(key.asset)),
          available: formatAmount(balance - held, scaleOf(key.asset)),
        })),
      events: batch.events
        .filter((event) => event.userId === null || event.userId === owner)
        .slice(0, PREVIEW_LINES_MAX)
        .map(({ type, subject, data }) => ({ type, subject, data })),
    },
  };
}
