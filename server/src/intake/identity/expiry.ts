import type pg from 'pg';
import type { Clock } from '../../core/clock.ts';
import { ADDRESSES_KEPT_MS } from './known-addresses.ts';

/** An expired key stays in its owner's list for a month, to be seen there as the reason why something stopped. */
const EXPIRED_KEYS_KEPT_MS = 30 * 24 * 3_600_000;

/** What operators did is looked for years later. */
const ACTS_KEPT_MS = 2 * 365 * 24 * 3_600_000;
/** Log-ins that failed are of use while it is asked what happened, and tell where people were. */
const FAILURES_KEPT_MS = 90 * 24 * 3_600_000;

const PURGE = {
  sessions: `delete from sessions where token_hash in (
    select token_hash from sessions where expires_at <= $1 order by expires_at limit $2 for update skip locked)`,
  tickets: `delete from tickets where token_hash in (
    select token_hash from tickets where expires_at <= $1 order by expires_at limit $2 for update skip locked)`,
  keys: `delete from api_keys where id in (
    select id from api_keys where expires_at <= $1 order by expires_at limit $2 for update skip locked)`,
  addresses: `delete from known_addresses where (user_id, address) in (
    select user_id, address from known_addresses where last_at <= $1 order by last_at limit $2 for update skip locked)`,
  resets: `delete from password_resets where user_id in (
    select user_id from password_resets where expires_at <= $1 order by expires_at limit $2 for update skip locked)`,
  acts: `delete from audit_log where id in (
    select id from audit_log where at <= least($1, now() - interval '30 days') order by at limit $2 for update skip locked)`,
  failures: `delete from audit_log where id in (
    select id from audit_log where at <= least($1, now() - interval '30 days') and act in ('log_in', 'lock_out') order by at limit $2 for update skip locked)`,
};

/** Deletes at most `limit` rows that have expired, and says how many. */
export async function purgeExpired({ pool, clock }: { pool: pg.Pool; clock: Clock }, limit: number): Promise<number> {
  const now = clock.now();
  const steps: [sql: string, before: number][] = [
    [PURGE.tickets, now],
    [PURGE.sessions, now],
    [PURGE.resets, now],
    [PURGE.keys, now - EXPIRED_KEYS_KEPT_MS],
    [PURGE.addresses, now - ADDRESSES_KEPT_MS],
    [PURGE.failures, now - FAILURES_KEPT_MS],
    [PURGE.acts, now - ACTS_KEPT_MS],
  ];
  let purged = 0;
  for (const [sql, before] of steps) {
    if (purged >= limit) break;
    const { rowCount } = await pool.query(sql, [new Date(before), limit - purged]);
    purged += rowCount ?? 0;
  }
  return purged;
}
