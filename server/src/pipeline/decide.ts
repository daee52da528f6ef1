import { ERRORS, EVENTS, KINDS, type KindName, REASONS } from '@millrace/contract';
import type { OrderRecord } from '../core/order.ts';
import { isoTime } from '../core/clock.ts';
import { formatId, uuidv7 } from '../core/ids.ts';
import type { Command, Decision, EventDraft, OrderChange, View } from '../desks/desk.ts';
import { type Batch, type DeskPart, keyName, type NewOrder, type Outcome, problemOutcome } from './batch.ts';

/**
 * A decision could not be applied to the working set, which may be half changed now: the batch must be loaded again and
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
      poisoned.has(command) ? deadLetter(batch, command, poisoned.get(command)) : decideOne(batch, command),
    );
  }
  const log = logAt((batch.commands[batch.commands.length - 1] as Command).at, null);
  for (const { desk, rows } of batch.parts) for (const draft of desk.summarize(rows)) addEvent(batch, draft, null, log);
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
  if (command.key && known) {
    if (known.fingerprint === command.key.fingerprint) return { type: 'order', order: known.order, replayed: true };
    return problemOutcome('idempotency_mismatch', 'This idempotency key was used with another request.');
  }
  const refused = command.retryOf === null ? batch.refusals.find(command) : undefined;
  return refused && { type: 'problem', problem: refused };
}

function decideOne(batch: Batch, command: Command): Outcome {
  const part = batch.parts.find(({ desk }) => desk.kinds.includes(command.kind)) as DeskPart;
  let decision: Decision<unknown>;
  try {
    decision = part.desk.decide(command, viewOf(batch, part));
    if (decision.type === 'decide') batch.ledger.post(decision.entries, command.id, command.at);
  } catch (error) {
    return deadLetter(batch, command, error);
  }
  if (decision.type === 'refuse') {
    // Nobody reads the answer to a command of the system's own: that its request is wrong is a fault, and an operator's business.
    if (command.userId === null) return deadLetter(batch, command, new RefusedCommand(decision));
    const outcome = problemOutcome(decision.code, decision.detail, decision.pointer);
    if (!ERRORS[decision.code].retryable) batch.refusals.keep(command, outcome.problem);
    return outcome;
  }
  try {
    for (const change of decision.changes) part.desk.apply(part.rows, change, part.memory);
    return record(batch, command, decision);
  } catch (error) {
    throw new HalfApplied(command, error);
  }
}

function viewOf(batch: Batch, { rows, memory }: DeskPart): View<unknown> {
  return { rows, memory, ledger: batch.ledger, assets: batch.assets, order: (id) => batch.orders.get(id) };
}

/** What the events of one decision have in common. */
interface Log {
  readonly at: string;
  /** The order that the decision records; null where that was known before. */
  readonly recorded: NewOrder | null;
}

function logAt(at: number, recorded: NewOrder | null): Log {
  return { at: isoTime(at), recorded };
}

/** Writes a decision into the batch: the order, other orders that changed by it, and the events, as `Decision` says in which order. */
function record(batch: Batch, command: Command, decision: Decided): Outcome {
  if (decision.reason !== null && !(decision.reason in REASONS))
    throw new TypeError(`unknown reason ${decision.reason}`);
  const { order, log } = orderOf(batch, command, decision);
  for (const draft of decision.events)
    addEvent(batch, draft, draft.orderId === undefined ? order : loadedOrder(batch, draft.orderId), log);
  if (order.visible) addProcessed(batch, order, log);
  for (const change of decision.orders) changeOrder(batch, change, log);
  return { type: 'order', order, replayed: false };
}

function loadedOrder(batch: Batch, id: string): OrderRecord {
  const order = batch.orders.get(id);
  if (!order) throw new TypeError(`order ${id} was not loaded`);
  return order;
}

/** The command's own order as it is decided now, and for the events of the decision what they need. */
function orderOf(
  batch: Batch,
  command: Command,
  decided: Pick<Decided, 'status' | 'reason' | 'result'>,
): { order: OrderRecord; log: Log } {
  const existing = command.idMayExist ? batch.orders.get(command.id) : undefined;
  if (command.retryOf !== null) batch.retriedDeadLetters.push(command.retryOf);
  if (existing) {
    const log = logAt(command.at, null);
    change(batch, existing, decided, log.at);
    return { order: existing, log };
  }
  const at = isoTime(command.at);
  const order: NewOrder = {
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
    createdAt: at,
    updatedAt: at,
    firstEventSeq: null,
    lastEventSeq: null,
  };
  batch.orders.set(order.id, order);
  batch.newOrders.add(order);
  if (command.key) {
    batch.keys.set(keyName(command.key), { fingerprint: command.key.fingerprint, order });
    batch.newKeys.push({ command, order });
  }
  return { order, log: { at, recorded: order } };
}

function changeOrder(batch: Batch, changed: OrderChange, log: Log): void {
  const order = loadedOrder(batch, changed.id);
  const isNews = order.status !== changed.status;
  change(batch, order, changed, log.at);
  if (order.visible && isNews) addProcessed(batch, order, log);
}

function change(
  batch: Batch,
  order: OrderRecord,
  { status, reason, result }: Pick<Decided, 'status' | 'reason' | 'result'>,
  updatedAt: string,
): void {
  Object.assign(order, { status, reason, result, updatedAt });
  if (!batch.newOrders.has(order as NewOrder)) batch.changedOrders.add(order);
}

/** The event by which everybody concerned learns what an order has come to; it opens an order that is being recorded. */
function addProcessed(batch: Batch, order: OrderRecord, log: Log): void {
  addEvent(batch, processed(order), order, log, order === log.recorded);
}

function processed(order: OrderRecord): EventDraft {
  const { kind, status, reason, userId, result } = order;
  const subject = formatId('order', order.id);
  const data = { order_id: subject, kind, status, reason, user_id: userId && formatId('user', userId), result };
  return { type: 'order_processed', subject, userId, data };
}

function addEvent(
  batch: Batch,
  draft: EventDraft,
  order: OrderRecord | null,
  { at, recorded }: Log,
  opensOrder = false,
): void {
  if (!(draft.type in EVENTS)) throw new TypeError(`event ${draft.type} is not in the catalogue`);
  const seq = batch.lastEventSeq + batch.events.length + 1;
  if (recorded !== null && order === recorded) {
    recorded.firstEventSeq ??= seq;
    recorded.lastEventSeq = seq;
  }
  batch.events.push({
    shard: batch.shard,
    seq,
    type: draft.type,
    subject: draft.subject,
    userId: draft.userId,
    orderId: order?.id ?? null,
    data: draft.data,
    at,
    opensOrder,
    followUp: order !== null && order !== recorded,
  });
}

/** A command that broke: its order failed, nothing was moved, and a dead letter tells an operator. */
function deadLetter(batch: Batch, command: Command, error: unknown): Outcome {
  const { order, log } = orderOf(batch, command, { status: 'failed', reason: 'internal_error', result: {} });
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
  addEvent(batch, { type: 'dead_letter_added', subject, userId: null, data }, order, log);
  if (order.visible) addProcessed(batch, order, log);
  return { type: 'order', order, replayed: false };
}
