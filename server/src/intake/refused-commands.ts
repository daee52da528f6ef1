import { ERRORS } from '@millrace/contract';
import type pg from 'pg';
import { isoTime } from '../core/clock.ts';
import type { Problem } from '../core/result.ts';
import type { Command } from '../desks/desk.ts';

/** A command's letter has the command's own id, so that however often it is submitted there is one. */
const KEEP = `
insert into dead_letters (id, order_id, kind, command, error, created_at)
values ($1::uuid, $1::uuid, $2, $3::json, $4, $5::timestamptz) on conflict (id) do nothing`;

/** Escapes that the database stores in JSON but refuses to read: U+0000 and halves of surrogate pairs. */
const NOT_READABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/gi;

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
  const text = JSON.stringify(command).replace(NOT_READABLE, '\\ufffd');
  await pool.query(KEEP, [command.id, command.kind, text, `Refused: ${code}: ${detail}`, isoTime(command.at)]);
}
