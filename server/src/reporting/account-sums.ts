import type { TransferReason } from '@millrace/contract';
import type pg from 'pg';
import { dateOf } from '../core/clock.ts';
import { problem, type Result } from '../core/result.ts';
import type { AccountSums, SumsOf } from '../desks/readers.ts';
import { TRANSFERS_OF_ACCOUNT } from '../ledger/index.ts';
import type { IndexProjection } from './index-projection.ts';
import { INDEX_CONSUMER } from './positions.ts';
import { ACCOUNT_LINES, oldestEntries } from './packed-rows.ts';

export interface SumsReader<Name extends string> {
  /**
   * Everything that was committed before the call. Only lines that came since the last call are read: the sums of an
   * account are kept, and made again where they were forgotten.
   *
   * @returns or the problem not_ready, also while the read models are made again, and for the first look at an account with
   *   more than LINES_MAX lines: the next call goes on where this one ended.
   */
  read(accountId: string): Promise<Result<AccountSums<Name>>>;
}

/** Lines of one statement: some ten milliseconds. */
const CHUNK_SIZE = 5_000;

/** Lines of one call: a few seconds, about as long as a caller waits. */
const LINES_MAX = 500_000;

/**
 * Subjects and days that are kept over all accounts, and ACCOUNT_SIZE for each account: some 30 MB. Past it, the accounts that
 * were not asked for longest are forgotten.
 */
const KEPT_MAX = 200_000;

/** An account without a subject takes about as much memory as so many subjects: an account that is only looked at is forgotten as well. */
const ACCOUNT_SIZE = 16;

const SCAN = oldestEntries(ACCOUNT_LINES, '$5');

// How far the index reaches is said by the same statement, in a row without a reason: the read models may be made again while
// they are read. Subqueries, not joins: whatever the statistics say, what is read is one row for each line.
const linesOf = (subjectSql: string): string => `
with r as materialized (
  select given.shard, given.after, least(given.until, c.transfer_seq) as until
  from unnest($2::smallint[], $3::bigint[], $4::bigint[]) as given (shard, after, until)
  join consumers c on c.name = '${INDEX_CONSUMER}' and c.shard = given.shard
)
select r.shard, t.seq, t.reason, t.amount, t.at, t.debit_account_id = $1::uuid as is_debit, (${subjectSql}) as subject
from r
cross join lateral (${SCAN}) as scanned
join ${TRANSFERS_OF_ACCOUNT} t on t.shard = r.shard and t.seq = scanned.seq
union all select r.shard, r.until, null, null, null, null, null from r
order by shard, seq`;

interface Line {
  shard: number;
  seq: bigint;
  reason: TransferReason;
  amount: bigint;
  at: Date;
  is_debit: boolean;
  subject: string | null;
}

type Row = Line | { shard: number; seq: bigint; reason: null };

class Sums {
  readonly subjects = new Map<string, Record<string, bigint>>();
  readonly days = new Map<string, bigint>();
  /** Shard → the last sequence that is in the sums. */
  readonly reached = new Map<number, number>();
  /** Those who ask at the same time wait for each other, so that no line is added twice. */
  turn: Promise<void> = Promise.resolve();
  /** How much of the maximum it took when it was last counted. */
  counted = 0;

  /** What does not change any more while its reader asks for other things. */
  copy(): AccountSums<string> {
    return { subjects: new Map([...this.subjects].map(([id, own]) => [id, { ...own }])), days: new Map(this.days) };
  }

  get size(): number {
    return ACCOUNT_SIZE + this.subjects.size + this.days.size;
  }

  add({ shard, seq, reason, amount, at, is_debit, subject }: Line, { reasons, zero }: Summed): void {
    this.reached.set(shard, Number(seq));
    const name = reasons[reason];
    if (name === undefined || subject === null) return;
    let own = this.subjects.get(subject);
    if (!own) this.subjects.set(subject, (own = { ...zero }));
    own[name] = (own[name] as bigint) + amount;
    const day = dateOf(at.getTime());
    this.days.set(day, (this.days.get(day) ?? 0n) + (is_debit ? -amount : amount));
  }
}

/** What is summed: `zero` has every sum. */
interface Summed extends Pick<SumsOf<string>, 'reasons'> {
  zero: Readonly<Record<string, bigint>>;
  lines: string;
}

/** The sums of the accounts that were asked for last. */
class KeptSums {
  /** The one that was asked for last is the last. */
  readonly #accounts = new Map<string, Sums>();
  readonly #max: number;
  #size = 0;

  constructor(max: number) {
    this.#max = max;
  }

  take(accountId: string): Sums {
    const sums = this.#accounts.get(accountId) ?? new Sums();
    this.#accounts.delete(accountId);
    this.#accounts.set(accountId, sums);
    return sums;
  }

  /** After lines were added. Sums that were forgotten meanwhile are their reader's alone. */
  count(accountId: string, sums: Sums): void {
    if (this.#accounts.get(accountId) !== sums) return;
    this.#size += sums.size - sums.counted;
    sums.counted = sums.size;
    for (const [oldest, { counted }] of this.#accounts) {
      if (this.#size <= this.#max || this.#accounts.size === 1) return;
      this.#accounts.delete(oldest);
      this.#size -= counted;
    }
  }
}

export interface SumsReaderOptions<Name extends string> extends SumsOf<Name> {
  pool: pg.Pool;
  projection: IndexProjection;
  /** Default CHUNK_SIZE. */
  chunkSize?: number;
  /** Default LINES_MAX. */
  linesMax?: number;
  /** Default KEPT_MAX. */
  keptMax?: number;
}

export function createSumsReader<Name extends string>(options: SumsReaderOptions<Name>): SumsReader<Name> {
  const { pool, projection, reasons, subjectSql, chunkSize = CHUNK_SIZE, linesMax = LINES_MAX } = options;
  const zero = Object.fromEntries(Object.values(reasons).map((name) => [name, 0n]));
  const summed: Summed = { reasons, zero, lines: linesOf(subjectSql) };
  const kept = new KeptSums(options.keptMax ?? KEPT_MAX);
  return {
    async read(accountId) {
      const caughtUp = await projection.catchUp();
      if (!caughtUp.ok) return caughtUp;
      const ends = new Map([...caughtUp.value].map(([shard, { transferSeq }]) => [shard, transferSeq]));
      const sums = kept.take(accountId);
      const advanced = sums.turn.then(async () => {
        const isWhole = await advance(pool, { accountId, sums, summed, ends, chunkSize, linesMax });
        return isWhole ? sums.copy() : undefined;
      });
      // Without the copy, which would be kept for as long as the sums are.
      sums.turn = advanced.then(
        () => undefined,
        () => undefined,
      );
      const whole = await advanced.finally(() => kept.count(accountId, sums));
      if (!whole) return problem('not_ready', 'The account’s history is still being read.', { retryAfterSeconds: 1 });
      return { ok: true, value: whole };
    },
  };
}

interface Advance {
  accountId: string;
  sums: Sums;
  summed: Summed;
  ends: ReadonlyMap<number, number>;
  chunkSize: number;
  linesMax: number;
}

/** @returns whether everything up to the ends is in the sums. */
async function advance(
  pool: pg.Pool,
  { accountId, sums, summed, ends, chunkSize, linesMax }: Advance,
): Promise<boolean> {
  for (let read = 0; read < linesMax; ) {
    const ranges = [...ends].filter(([shard, end]) => (sums.reached.get(shard) ?? 0) < end);
    if (ranges.length === 0) return true;
    const before = ranges.map(([shard]) => sums.reached.get(shard) ?? 0);
    const { rows } = await pool.query<Row>(summed.lines, [
      accountId,
      ranges.map(([shard]) => shard),
      before,
      ranges.map(([, end]) => end),
      chunkSize,
    ]);
    const lines = rows.filter((row) => row.reason !== null);
    for (const line of lines) sums.add(line, summed);
    for (const { shard, seq, reason } of rows) {
      const isWhole = lines.filter((line) => line.shard === shard).length < chunkSize;
      if (reason === null && isWhole && Number(seq) > (sums.reached.get(shard) ?? 0))
        sums.reached.set(shard, Number(seq));
    }
    if (ranges.every(([shard], i) => (sums.reached.get(shard) ?? 0) === before[i])) return false;
    read += lines.length;
  }
  return false;
}
