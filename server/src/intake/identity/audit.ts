import type pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import { uuidv7 } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { addressKey } from './address.ts';
import { createSlidingWindow } from './sliding-window.ts';

/** As the table's constraints have it. */
const USER_AGENT_LENGTH_MAX = 400;
const DETAILS_LENGTH_MAX = 3_000;
/**
 * Failed log-ins that one process writes down in a minute. A flood of guesses costs the guesser a hash each and would cost
 * the log a row each; beyond this the log is told once that there were more.
 */
const FAILURES_PER_MINUTE = 300;

/**
 * Refused acts that are written down of those who may not act at all, by one process in an hour: enough to see that someone tries,
 * and for two years half a million rows at most. Of one user a few, so that one who tries everything does not hide another.
 */
const INTRUSIONS_PER_HOUR = 30;
const INTRUSIONS_OF_USER_PER_HOUR = 5;
/** Users of whom it is counted; beyond it the total bounds them. */
const INTRUDERS_MAX = 1_000;

const INSERT = `
insert into audit_log (id, at, act, actor_id, credential, subject, subject_user_id, outcome, code, address, user_agent, details)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`;

/** Something that a user or a caller did. Ids of users are bare UUIDs. Holds no secret. */
export interface AuditRecord {
  /** The operation's id, or a word of identity's own. */
  act: string;
  actorId?: string | undefined;
  /** `session`, the first characters of a key, or `command line`. */
  credential?: string | undefined;
  /** A public id: what it was about. */
  subject?: string | undefined;
  /** The user whom it was about. */
  subjectUserId?: string | undefined;
  /** Absent: it was done. */
  code?: string | undefined;
  from?: AuditOrigin | undefined;
  details?: JsonObject | undefined;
}

/** Where a request came from. */
export interface AuditOrigin {
  address: string;
  userAgent?: string | undefined;
}

/** What says why the next guess would be refused; undefined: it would not. */
type IsLocked = () => Promise<object | undefined>;

export interface AuditLog {
  /** Never throws: what was done is done, and what could not be written down here goes to the server's log, whole. */
  record(record: AuditRecord): Promise<void>;
  /** What was refused to a user who may not do such things at all, and can try as often as they like. */
  recordIntrusion(record: AuditRecord & { actorId: string }): Promise<void>;
  /** A wrong password, which strangers can send as often as they like, and the lock that follows from it. */
  recordGuess(guess: AuditRecord, isLocked: IsLocked): Promise<void>;
  /** The moment from which guesses are refused; the refusals themselves are not worth a line each. */
  recordLock(guess: AuditRecord, isLocked: IsLocked): Promise<void>;
}

export function createAuditLog({ pool, clock, log }: { pool: pg.Pool; clock: Clock; log: Logger }): AuditLog {
  const failures = createSlidingWindow({ clock, windowMs: 60_000, limit: FAILURES_PER_MINUTE, keysMax: 1 });

  const hour = { clock, windowMs: 3_600_000 };
  const intrusions = createSlidingWindow({ ...hour, limit: INTRUSIONS_PER_HOUR, keysMax: 1 });
  const intruders = createSlidingWindow({ ...hour, limit: INTRUSIONS_OF_USER_PER_HOUR, keysMax: INTRUDERS_MAX });

  async function record(entry: AuditRecord): Promise<void> {
    try {
      await pool.query(INSERT, [uuidv7(), new Date(clock.now()), ...valuesOf(entry)]);
    } catch (error) {
      log.error({ err: error, entry }, 'the audit log could not be written');
    }
  }

  async function recordFailure(entry: AuditRecord): Promise<void> {
    if (failures.secondsUntilRoom('all') > 0) return;
    failures.count('all');
    await record(entry);
    if (failures.secondsUntilRoom('all') > 0) log.warn('so many log-ins fail that not all are in the audit log');
  }

  async function recordLock(guess: AuditRecord, isLocked: IsLocked): Promise<void> {
    if (await isLocked()) await recordFailure({ ...guess, act: 'lock_out', code: 'rate_limited' });
  }

  return {
    record,
    async recordIntrusion(entry) {
      if (intruders.secondsUntilRoom(entry.actorId) > 0 || intrusions.secondsUntilRoom('all') > 0) return;
      intruders.count(entry.actorId);
      intrusions.count('all');
      await record(entry);
    },
    async recordGuess(guess, isLocked) {
      await recordFailure(guess);
      await recordLock(guess, isLocked);
    },
    recordLock,
  };
}

function valuesOf({ act, actorId, credential, subject, subjectUserId, code, from, details }: AuditRecord): unknown[] {
  return [
    act,
    actorId ?? null,
    credential ?? null,
    subject ?? null,
    subjectUserId ?? null,
    code === undefined ? 'done' : 'refused',
    code ?? null,
    ...columnsOfOrigin(from),
    details ? boundedJson(details) : null,
  ];
}

/** Address and user agent, as they are stored. */
export function columnsOfOrigin(from: AuditOrigin | undefined): [address: string | null, userAgent: string | null] {
  const agent = from?.userAgent === undefined ? null : plain(from.userAgent).slice(0, USER_AGENT_LENGTH_MAX);
  return [from ? addressOf(from.address) : null, agent];
}

/** The address itself; what is none, as what it is counted by. */
function addressOf(address: string): string {
  return address.length <= 64 ? address : addressKey(address);
}

const plain = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?');

function boundedJson(details: JsonObject): string {
  const json = JSON.stringify(details);
  return json.length <= DETAILS_LENGTH_MAX && !json.includes('\\u0000') ? json : '{"omitted":true}';
}
