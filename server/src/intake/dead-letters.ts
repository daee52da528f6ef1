import { ERRORS, type EventDataOf, type EventType, type KindName } from '@millrace/contract';
import type pg from 'pg';
import { isoTime } from '../core/clock.ts';
import { formatId } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { type Problem, problem, type Result } from '../core/result.ts';
import { enqueue, type NewJob } from '../db/jobs.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Command } from '../desks/desk.ts';
import { validateParams } from './validation.ts';

const TOLD_BY = 'dead_letter_added' satisfies EventType;

/**
 * Keeps a letter, and where it was not there already appends the event that tells of it, as a batch does: under the lock of the
 * shard's row, behind its last event. The relay finds it within a second.
 */
const keepStatement = (onConflict: string): string => `
with letter as (
  insert into dead_letters (id, order_id, kind, command, error, created_at)
  values ($1::uuid, $2::uuid, $3::text, $4::json, $5::text, $6::timestamptz) on conflict (id) ${onConflict} returning id
), place as (
  update shards set event_seq = event_seq + 1 where id = $7::smallint and exists (select from letter) returning id, event_seq
)
insert into events (shard, seq, type, subject, order_id, follow_up, data, at)
select id, event_seq, '${TOLD_BY}', $8::text, $9::uuid, $9::uuid is not null, $10::json, $6::timestamptz from place`;

const KEEP_COMMAND = keepStatement('do nothing');

/** A job's letter opens again where a retry has come to the same end. */
const KEEP_JOB = keepStatement(`do update
  set command = excluded.command, error = excluded.error, created_at = excluded.created_at, retried_at = null
  where dead_letters.retried_at is not null`);

const CLOSE = 'update dead_letters set retried_at = $2::timestamptz where id = $1::uuid and retried_at is null';

/** Escapes that the database stores in JSON but refuses to read: U+0000 and halves of surrogate pairs. */
const NOT_READABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/gi;

const jsonOf = (value: unknown): string => JSON.stringify(value).replace(NOT_READABLE, '\\ufffd');

/** What every letter says. */
interface Letter {
  /** One for each cause. */
  id: string;
  orderId: string;
  /** Of the command, or of the errand. */
  kind: string;
  /** That tells of it. */
  shard: number;
  /** There is an order of that id, among whose events it is found. */
  isOrders: boolean;
  command: Command | DeadJob;
  /** Of the outside's that cannot be true beside what is booked: there is nothing to do again, however often it is tried. */
  contradiction?: boolean;
  error: string;
  at: number;
}

/** A job that was given up: what a retry adds to the queue again. */
export interface DeadJob {
  /** Of the letter; the same job has one. Bare UUIDs, both. */
  id: string;
  orderId: string;
  /** What it did, in a word. */
  kind: string;
  userId: string | null;
  /** What an operator is shown of it. */
  params: JsonObject;
  task: string;
  job: NewJob;
}

export type DeadLetter =
  | { type: 'command'; command: Command }
  | { type: 'job'; job: DeadJob }
  /** About this order (bare UUID). It can only be closed. */
  | { type: 'contradiction'; orderId: string };

/**
 * Whether a command of the system's own was refused for a reason that time does not mend. A full queue, a stop or a database that
 * is away are none: the command is submitted again.
 */
export function isImpossible({ code }: Problem): boolean {
  return !ERRORS[code].retryable;
}

/**
 * Shows operators a command of the system's own of which no order could be recorded: its id is taken, or its parameters have
 * not the shape of its kind. Nobody waits for its answer who could complain.
 */
export async function keepRefused(pool: pg.Pool, command: Command, { code, detail }: Problem): Promise<void> {
  await keep(pool, KEEP_COMMAND, {
    // The letter has the command's own id, so that however often it is submitted there is one.
    id: command.id,
    orderId: command.id,
    kind: command.kind,
    shard: command.shard,
    isOrders: false,
    command,
    error: `Refused: ${code}: ${detail}`,
    at: command.at,
  });
}

/** Shows operators a command of the outside's that was decided, and cannot be true beside the order that it is about (bare UUIDs). */
export async function keepContradiction(
  pool: pg.Pool,
  { id, orderId, command }: { id: string; orderId: string; command: Command },
  error: string,
): Promise<void> {
  const { kind, shard, at } = command;
  await keep(pool, KEEP_COMMAND, { id, orderId, kind, shard, isOrders: true, command, contradiction: true, error, at });
}

/** Shows operators a job that no further try can mend; told in the shard of its order. */
export async function keepDeadJob(
  pool: pg.Pool,
  job: DeadJob,
  told: Pick<Letter, 'contradiction' | 'error' | 'shard' | 'at'>,
): Promise<void> {
  const { id, orderId, kind } = job;
  await keep(pool, KEEP_JOB, { id, orderId, kind, isOrders: true, command: job, ...told });
}

async function keep(pool: pg.Pool, statement: string, letter: Letter): Promise<void> {
  const { id, orderId, kind, shard, isOrders, command, contradiction, error, at } = letter;
  const subject = formatId('order', orderId);
  const told: EventDataOf<typeof TOLD_BY> = {
    dead_letter_id: formatId('deadLetter', id),
    order_id: subject,
    kind,
  };
  await pool.query(statement, [
    id,
    orderId,
    kind,
    jsonOf(contradiction ? { ...command, contradiction } : command),
    error,
    isoTime(at),
    shard,
    subject,
    isOrders ? orderId : null,
    JSON.stringify(told),
  ]);
}

/** An open dead letter: a command to be decided once more under the same id, a job to be done again, or what can only be closed. */
export async function openDeadLetter(pool: pg.Pool, id: string, at: number): Promise<Result<DeadLetter>> {
  const { rows } = await pool.query<StoredLetter>(
    'select order_id, command, retried_at from dead_letters where id = $1',
    [id],
  );
  const letter = rows[0];
  if (!letter) return problem('not_found', 'There is no such dead letter.');
  if (letter.retried_at) return problem('dead_letter_closed', 'This dead letter was retried already.');
  const { command } = letter;
  if (command.contradiction) return { ok: true, value: { type: 'contradiction', orderId: letter.order_id } };
  if ('task' in command) return { ok: true, value: { type: 'job', job: command } };
  // What was refused for its parameters has never been checked, and must not be decided as it is.
  const valid = validateParams(command.kind as KindName, command.params);
  if (!valid.ok) return valid;
  const again = { ...command, params: valid.value.params, at, idMayExist: true, retryOf: id };
  return { ok: true, value: { type: 'command', command: again } };
}

interface StoredLetter {
  order_id: string;
  command: (Command | DeadJob) & { contradiction?: true };
  retried_at: Date | null;
}

/** An operator has looked at it. */
export async function closeDeadLetter(pool: pg.Pool, id: string, at: number): Promise<void> {
  await pool.query(CLOSE, [id, isoTime(at)]);
}

/** Adds the job again and closes its letter, both or neither. Its order stands as it does until the job has come to it. */
export function retryDeadJob(pool: pg.Pool, { id, task, job }: DeadJob, at: number): Promise<void> {
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(CLOSE, [id, isoTime(at)]);
    if (rowCount === 1) await enqueue(client, task, [job]);
  });
}
