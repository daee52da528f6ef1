import { formatId } from '../core/ids.ts';
import { formatAmount } from '../core/money.ts';
import type { Result } from '../core/result.ts';
import type { AccountKey } from '../ledger/index.ts';
import type { Batch, OrderRecord } from '../pipeline/index.ts';
import type { OrderAnswer, PreviewAnswer } from './intake.ts';

/** A preview shows at most this many postings and events: a loan's last unit can have thousands. */
const PREVIEW_LINES_MAX = 100;

export function toOrderAnswer(order: OrderRecord): OrderAnswer {
  return {
    id: formatId('order', order.id),
    kind: order.kind,
    status: order.status,
    reason: order.reason,
    user_id: order.userId && formatId('user', order.userId),
    params: order.params,
    result: order.result,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
  };
}

function scaleIn({ assets, parts }: Batch, asset: string): number {
  const known = assets.get(asset);
  if (known) return known.scale;
  for (const { desk, rows } of parts) {
    const scale = desk.scaleOf?.(rows, asset);
    if (scale !== undefined) return scale;
  }
  return assets.currency.scale;
}

/** What a batch of one command would have done. Only the caller's own accounts show their balance. */
export function toPreviewAnswer(batch: Batch): Result<PreviewAnswer> {
  const outcome = batch.outcomes[0];
  if (outcome?.type !== 'order') {
    return { ok: false, problem: outcome?.problem ?? { code: 'internal_error', detail: 'Nothing was decided.' } };
  }
  const { order } = outcome;
  const owner = order.userId;
  const scaleOf = (asset: string): number => scaleIn(batch, asset);
  const { accounts, transfers } = batch.ledger;
  const idOf = (key: AccountKey): string => formatId('account', batch.accountIds(key));
  return {
    ok: true,
    value: {
      status: order.status,
      reason: order.reason,
      result: order.result,
      postings: transfers.slice(0, PREVIEW_LINES_MAX).map(({ debit, credit, amount, reason }) => ({
        debit: idOf(debit),
        credit: idOf(credit),
        asset: debit.asset,
        amount: formatAmount(amount, scaleOf(debit.asset)),
        reason,
      })),
      balances: [...accounts.values()]
        .filter(({ key }) => key.ownerId === owner)
        .map(({ key, balance, held }) => ({
          account: idOf(key),
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
