import type { WithdrawalReported } from '@millrace/contract';
import type { JsonObject } from '../../core/json.ts';
import { DeadEnd, type Errand, type ErrandLimits, type ErrandOrder, type InternalCommand } from '../errand.ts';
import { type Gateway, NO_GATEWAY } from '../gateway.ts';
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
      params: handing(orderId, gateway),
    }),
    perform: (order, signal, handed) => pay(gateway, order, { signal, handed }),
    contradiction,
  };
}

/** Where there is no gateway nobody is given it. */
function handing(orderId: string, gateway: Gateway): JsonObject {
  return gateway === NO_GATEWAY ? { order_id: orderId } : { order_id: orderId, gateway: gateway.name };
}

async function pay(
  gateway: Gateway,
  { orderId, userId, data, expiresAt }: ErrandOrder<Payout>,
  { signal, handed }: { signal: AbortSignal; handed: JsonObject },
): Promise<InternalCommand | undefined> {
  const had = handed['gateway'];
  if (typeof had === 'string' && had !== gateway.name && gateway !== NO_GATEWAY)
    throw new DeadEnd(
      `the gateway ${had} may have paid it, so that ${gateway.name} must not: only a report can end it now`,
    );
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
    commandOf: ({ outcome }, { order }) => settlement(order, outcome === 'paid'),
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
