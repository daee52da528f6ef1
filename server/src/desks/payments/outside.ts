import type { WithdrawalReported } from '@millrace/contract';
import type { JsonObject } from '../../core/json.ts';
import { DeadEnd, type Errand, type ErrandLimits, type ErrandOrder, type InternalCommand } from '../errand.ts';
import type { Gateway } from '../gateway.ts';
import type { Report } from '../report.ts';
import { settlementName } from './names.ts';

const HOUR_MS = 3_600_000;

const LIMITS: ErrandLimits = {
  deadlineMs: 24 * HOUR_MS,
  callMs: 10_000,
  // Half as many as there are jobs at once: a bank that hangs leaves room for everybody else's work.
  callsAtOnce: 6,
  failuresMax: 5,
  pauseMs: 10_000,
  // A bank that is back is asked within a minute.
  pauseMsMax: 60_000,
};

interface Payout extends JsonObject {
  asset: string;
  /** Decimal string. */
  amount: string;
}

const payoutOf = (source: JsonObject): Payout => {
  const { asset, amount } = source as Payout;
  return { asset, amount };
};

/**
 * Brings requested withdrawals to the gateway and its answer back: `send_withdrawal` → the gateway → `settle_withdrawal`. While
 * the gateway does not answer, the money stays held.
 */
export function createWithdrawErrand(gateway: Gateway, limits: Partial<ErrandLimits> = {}): Errand<Payout> {
  return {
    name: 'withdraw',
    does: 'hands withdrawals to the bank',
    startedBy: ['withdrawal_requested'],
    dataOf: ({ data }) => payoutOf(data),
    pending: {
      kind: 'withdraw',
      dataOf: ({ result }) => (gateway.reports && result['stage'] === 'sent' ? undefined : payoutOf(result)),
    },
    limits: { ...LIMITS, ...limits },
    destinationOf: () => gateway.name,
    before: ({ orderId }) => ({
      kind: 'send_withdrawal',
      name: `withdrawal/${orderId}/send`,
      params: { order_id: orderId },
    }),
    perform: (order, signal) => pay(gateway, order, signal),
    contradiction,
  };
}

async function pay(
  gateway: Gateway,
  { orderId, userId, data, expiresAt }: ErrandOrder<Payout>,
  signal: AbortSignal,
): Promise<InternalCommand | undefined> {
  const answer = await gateway.pay({ orderId, userId: userId as string, ...data, expiresAt }, signal);
  if ('accepted' in answer) return undefined;
  if (typeof answer.approved !== 'boolean')
    throw new DeadEnd(`the gateway has answered what is neither yes nor no: ${JSON.stringify(answer)}`);
  return settlement(orderId, answer.approved, 'expired' in answer ? 'deadline_passed' : undefined);
}

/** What the gateway reports later, or once more. */
export function createWithdrawalReport(secrets: readonly string[]): Report<WithdrawalReported> {
  return {
    secrets,
    kind: 'withdraw',
    orderOf: ({ order_id }) => order_id,
    commandOf: ({ order_id, outcome }) => settlement(order_id, outcome === 'paid'),
    contradiction,
  };
}

/** A withdrawal has one, by whatever way the gateway says it: the first that is booked counts. */
function settlement(orderId: string, approved: boolean, reason?: 'deadline_passed'): InternalCommand {
  const params = { order_id: orderId, approved };
  return {
    kind: 'settle_withdrawal',
    name: settlementName(orderId),
    params: reason === undefined ? params : { ...params, reason },
  };
}

function contradiction({ params }: InternalCommand, { result }: { result: JsonObject }): string | undefined {
  const status = result['status'] as string;
  if ((status === 'completed') === params['approved']) return undefined;
  const said = params['approved'] === true ? 'has paid' : 'has not paid';
  return `the gateway says that it ${said}, and the order is ${status}`;
}
