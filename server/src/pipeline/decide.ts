import { EVENTS, KINDS, type KindName, REASONS } from '@millrace/contract';
import { isoTime } from '../core/clock.ts';
import { formatId, uuidv7 } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import type { Command, Decision, EventDraft, OrderChange, View } from '../desks/desk.ts';
import {
  type Batch,
  type DeskPart,
  eventRef,
  keyName,
  type OrderRecord,
  type Outcome,
  problemOutcome,
} from './batch.ts';

/**
 * A decision could not be applied to the working set, which may be half changed now: the batch must be loaded anew and
 * decided without this command.
 */
export class HalfApplied extends Error {
  readonly command: Command;
  constructor(command: Command, cause: unknown) {
    super(`command ${command.id} (${command.kind}) could not be applied`, { cause });
    this.command = command;
  }
}

/** A command of the system's own that should never have been given as it was. */
class RefusedCommand extends Error {
  override name = 'Refused';
  constructor({ code, detail }: { code: string; detail: string }) {
    super(`${code}: ${detail}`);
  }
}

type Decided = Extract<Decision<unknown>, { type: 'decide' }>;

/**
 * Decides every command of a batch in order, in memory, each seeing what those before it did. A command that throws
 * becomes a dead letter and harms no other.
 *
 * @param poisoned commands that broke an earlier try, with what they broke with.
 * @throws HalfApplied
 */
export function decideBatch(batch: Batch, poisoned: ReadonlyMap<Command, unknown>): void {
  for (const command of batch.commands) {
    const repeated = repetition(batch, command);
    if (repeated) {
      batch.outcomes.push(repeated);
      continue;
    }
    batch.outcomes.push(
      poisoned.has(command) ? setAside(batch, command, poisoned.get(command)) : decideOne(batch, command),
    );
  }
  for (const { desk, rows } of batch.parts) {
    for (const draft of desk.summarize(rows))
      addEvent(batch, draft, null, (batch.commands[batch.commands.length - 1] as Command).at);
  }
}

/** The answer to a command that was seen before; undefined for one that has to be decided. */
function repetition(batch: Batch, command: Command): Outcome | undefined {
  // An id that was made a moment ago is nobody's yet.
  const same = command.idMayExist ? batch.orders.get(command.id) : undefined;
  if (same) {
    if (command.retryOf !== null && same.status === 'failed') return undefined;
    if (same.userId !== command.userId) return problemOutcome('id_taken', 'This id belongs to something else.', '/id');
    if (same.fingerprint !== command.fingerprint) {
      return problemOutcome('idempotency_mismatch', 'This order id was used with other content.', '/id');
    }
    // It was decided since the letter was written: nothing is left to retry.
    if (command.retryOf !== null) batch.retriedDeadLetters.push(command.retryOf);
    return { type: 'order', order: same, replayed: true };
  }
  const known = command.key && batch.keys.get(keyName(command.key));
  if (!command.key || !known) return undefined;
  if (known.fingerprint !== command.key.fingerprint) {
    return problemOutcome('idempotency_mismatch', 'This idempotency key was used with another request.');
  }
  return { type: 'order', order: known.order, replayed: true };
}

function decideOne(batch: Batch, command: Command): Outcome {
  const part = batch.parts.find(({ desk }) => desk.kinds.includes(command.kind)) as DeskPart;
  let decision: Decision<unknown>;
  try {
    decision = part.desk.decide(command, viewOf(batch, part.rows));
    if (decision.type === 'decide') batch.ledger.post(decision.entries, command.id, command.at);
  } catch (error) {
    return setAside(batch, command, error);
  }
  if (decision.type === 'refuse') {
    // Nobody reads the answer to a command of the system's own: that its request is wrong is a fault, and an operator's business.
    return command.userId === null
      ? setAside(batch, command, new RefusedCommand(decision))
      : problemOutcome(decision.code, decision.detail, decision.pointer);
  }
  try {
    for (const change of decision.changes) part.desk.apply(part.rows, change);
    return record(batch, command, decision);
  } catch (error) {
    throw new HalfApplied(command, error);
  }
}

function viewOf(batch: Batch, rows: unknown): View<unknown> {
  return { rows, ledger: batch.ledger, assets: batch.assets, order: (id) => batch.orders.get(id) };
}

/** Writes a decision into the batch: the order, other orders that changed by it, and the events, in this order. */
function record(batch: Batch, command: Command, decision: Decided): Outcome {
  if (decision.reason !== null && !(decision.reason in REASONS))
    throw new TypeError(`unknown reason ${decision.reason}`);
  const order = orderOf(batch, command, decision);
  for (const draft of decision.events) addEvent(batch, draft, changedBy(batch, decision, draft) ?? order, command.at);
  if (order.visible) addEvent(batch, processed(order), order, command.at);
  for (const change of decision.orders) changeOrder(batch, change, command.at);
  return { type: 'order', order, replayed: false };
}

/** The other order that an event is about, so that whoever follows that one finds the event there. */
function changedBy(batch: Batch, { orders }: Decided, { subject }: EventDraft): OrderRecord | undefined {
  const change = orders.find(({ id }) => formatId('order', id) === subject);
  return change && batch.orders.get(change.id);
}

function orderOf(batch: Batch, command: Command, decided: Pick<Decided, 'status' | 'reason' | 'result'>): OrderRecord {
  const at = isoTime(command.at);
  const existing = command.idMayExist ? batch.orders.get(command.id) : undefined;
  if (command.retryOf !== null) batch.retriedDeadLetters.push(command.retryOf);
  if (existing) {
    Object.assign(existing, { status: decided.status, reason: decided.reason, result: decided.result, updatedAt: at });
    batch.changedOrders.add(existing);
    return existing;
  }
  const order: OrderRecord = {
    id: command.id,
    kind: command.kind,
    status: decided.status,
    reason: decided.reason,
    userId: command.userId,
    actorId: command.actorId,
    visible: KINDS[command.kind as KindName].visible,
    params: command.params,
    result: decided.result,
    fingerprint: command.fingerprint,
    eventRefs: [],
    createdAt: at,
    updatedAt: at,
  };
  batch.orders.set(order.id, order);
  batch.newOrders.push(order);
  if (command.key) {
    batch.keys.set(keyName(command.key), { fingerprint: command.key.fingerprint, order });
    batch.newKeys.push({ command, order });
  }
  return order;
}

function changeOrder(batch: Batch, change: OrderChange, at: number): void {
  const order = batch.orders.get(change.id);
  if (!order) throw new TypeError(`order ${change.id} was not loaded`);
  const { status, reason, result } = change;
  const isNews = order.status !== status;
  Object.assign(order, { status, reason, result, updatedAt: isoTime(at) });
  if (!batch.newOrders.includes(order)) batch.changedOrders.add(order);
  if (order.visible && isNews) addEvent(batch, processed(order), order, at);
}

function processed(order: OrderRecord): EventDraft {
  const data: JsonObject = {
    order_id: formatId('order', order.id),
    kind: order.kind,
    status: order.status,
    reason: order.reason,
    user_id: order.userId && formatId('user', order.userId),
    result: order.result,
  };
  return { type: 'order_processed', subject: data['order_id'] as string, userId: order.userId, data };
}

function addEvent(batch: Batch, draft: EventDraft, order: OrderRecord | null, at: number): void {
  if (!(draft.type in EVENTS)) throw new TypeError(`event ${draft.type} is not in the catalogue`);
  const seq = batch.lastEventSeq + batch.events.length + 1;
  batch.events.push({
    shard: batch.shard,
    seq,
    type: draft.type,
    subject: draft.subject,
    userId: draft.userId,
    orderId: order?.id ?? null,
    data: draft.data,
    at: isoTime(at),
    opensOrder: false,
  });
  order?.eventRefs.push(eventRef(batch.shard, seq));
}

/** A command that broke: its order failed, nothing was moved, and a dead letter tells an operator. */
function setAside(batch: Batch, command: Command, error: unknown): Outcome {
  const order = orderOf(batch, command, { status: 'failed', reason: 'internal_error', result: {} });
  const letter = {
    id: uuidv7(),
    orderId: command.id,
    kind: command.kind,
    command,
    error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    at: command.at,
  };
  batch.deadLetters.push(letter);
  const subject = formatId('order', order.id);
  const data = { dead_letter_id: formatId('deadLetter', letter.id), order_id: subject, kind: command.kind };
  addEvent(batch, { type: 'dead_letter_added', subject, userId: null, data }, order, command.at);
  if (order.visible) addEvent(batch, processed(order), order, command.at);
  return { type: 'order', order, replayed: false };
}
