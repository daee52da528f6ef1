import type { WireEventEnvelope } from '@millrace/contract';
import { ORDERS } from '@millrace/contract/vocabulary';
import { formatMoney } from '../../money/index.ts';
import type { Notice, Notices } from '../section.ts';
import { thingIn } from '../../things/index.ts';
import { isOrderKind, isReason, kindLabel, reasonWords } from '../../wording/index.ts';

const TONES = { completed: 'good', rejected: 'bad', failed: 'bad', canceled: 'neutral', pending: 'neutral' } as const;
const VERBS = {
  completed: 'accepted',
  rejected: 'rejected',
  failed: 'failed',
  canceled: 'canceled',
  pending: 'on its way',
} as const;

function decided({ data }: WireEventEnvelope): Notice | undefined {
  const { kind, status, reason, order_id: id, result } = data;
  if (typeof kind !== 'string' || !isOrderKind(kind) || typeof status !== 'string' || !(status in TONES))
    return undefined;
  const known = status as keyof typeof TONES;
  const isGood = known === 'completed' || known === 'pending';
  if ((isGood && ORDERS[kind].toldByItsEvents) || reason === 'declined_outside') return undefined;
  const { accepted_amount: accepted, asset } = (result ?? {}) as Readonly<Record<string, unknown>>;
  const thing = thingIn(result ?? {}, undefined)?.id;
  const detail = isReason(reason)
    ? reasonWords(reason).title
    : typeof accepted === 'string' && typeof asset === 'string'
      ? `${formatMoney(accepted, asset)} went into the loan.`
      : undefined;
  return {
    title: `${kindLabel(kind)} ${VERBS[known]}`,
    tone: TONES[known],
    ...(detail === undefined ? {} : { detail }),
    ...(typeof id === 'string' ? { to: `/orders/${id}` } : {}),
    ...(thing === undefined ? {} : { thing }),
  };
}

export const orderNotices: Notices = { order_processed: decided };
