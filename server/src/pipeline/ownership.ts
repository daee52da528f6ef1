import pg from 'pg';
import type { Logger } from 'pino';
import { setTimeout as pause } from 'node:timers/promises';
import { type Connection, cutConnection } from '../db/pool.ts';
import { Fenced } from './load.ts';

/** The first half of the advisory locks' numbers; the second is the shard's. */
const LOCK = 0x6d696c73;
/** How often the owner gives a sign of life, and after how long without one the server lets the shards go. */
const HEARTBEAT_MS = 4_000;
const SILENCE_MS_MAX = 15_000;
/** Between two tries to get what another process still holds, or to get a connection again. */
const TRY_AGAIN_MS = 100;
/** For a server to hear that a session ends; one that does not answer finds out by itself. */
const FAREWELL_MS_MAX = 1_000;

/** That a lock `l` is a shard's, and held; `$1` is LOCK. */
const IS_HELD = `l.locktype = 'advisory' and l.database = (select oid from pg_database where datname = current_database())
  and l.classid = $1 and l.granted`;

const HOLDER = `
select a.pid, a.client_addr, a.backend_start as since from pg_locks l join pg_stat_activity a using (pid)
where ${IS_HELD} and l.objid = $2`;

const IS_OWNED = `select exists (select from pg_locks l join shards s on l.objid = s.id where ${IS_HELD}) as owned`;

/** Another process that is alive owns a shard. */
export class ShardOwned extends Error {
  readonly code = 'shard_owned';
}

export interface OwnershipOptions {
  connection: Connection;
  shards: readonly number[];
  /** As it is written into the shards' rows. */
  owner: string;
  /** How long to wait for an owner that is alive, ms: it may be about to end. */
  waitMs: number;
  /** Takes the shards from their owner. */
  takeOver: boolean;
  log: Logger;
  /** Called when another process has taken a shard. */
  lost: (error: Fenced) => void;
}

/**
 * Who owns which shards, as long as it lives: a session that holds a lock on each. The server ends it at once when the process
 * is gone, and after 15 s in which the process has given no sign of life, so that a crashed owner's shards are free at once
 * and a hung one's soon, while those of a healthy one are not to be had. The shards' epochs stay the fence of what is written.
 */
export class Ownership {
  private readonly options: OwnershipOptions;
  private client: pg.Client | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private isReleased = false;
  private regaining: Promise<void> | undefined;

  constructor(options: OwnershipOptions) {
    this.options = options;
  }

  /** @throws ShardOwned where another process that is alive does not let go in time. */
  async gain(): Promise<void> {
    const { shards, waitMs, takeOver, log } = this.options;
    const client = await this.connect();
    const deadline = Date.now() + waitMs;
    let isTold = false;
    try {
      for (const shard of shards) {
        while (!(await lock(client, shard))) {
          const holder = await holderOf(client, shard);
          if (takeOver) await dispossess(client, shard, holder?.pid);
          else if (Date.now() >= deadline) throw new ShardOwned(refusalOf(shard, holder));
          if (!isTold) log.warn({ shard, holder }, 'another process owns the shard: waiting until it lets go');
          isTold = true;
          await pause(TRY_AGAIN_MS);
        }
      }
    } catch (error) {
      await client.end();
      throw error;
    }
    this.keep(client);
  }

  /** Others may have the shards from now on. */
  async release(): Promise<void> {
    this.isReleased = true;
    clearInterval(this.heartbeat);
    await this.regaining;
    if (this.client) await farewell(this.client);
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      ...this.options.connection,
      application_name: 'millrace owner',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      // No limit of the server's ends a session that only waits; ours does, when it is not heard of.
      await client.query(`set statement_timeout = 0; set idle_session_timeout = ${SILENCE_MS_MAX}`);
      return client;
    } catch (error) {
      void farewell(client);
      throw error;
    }
  }

  private keep(client: pg.Client): void {
    this.client = client;
    client.once('end', () => {
      clearInterval(this.heartbeat);
      if (!this.isReleased) this.regaining = this.regain();
    });
    this.heartbeat = setInterval(() => void client.query('select 1').catch(() => undefined), HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  /** The database was restarted, or the machine slept. No other process may have come in between; if one has, this is over. */
  private async regain(): Promise<void> {
    const { shards, owner, lost, log } = this.options;
    while (!this.isReleased) {
      try {
        const client = await this.connect();
        const { rows } = await client.query<{ id: number }>(
          'select id from shards where id = any($1::smallint[]) and owner is distinct from $2',
          [shards, owner],
        );
        if (rows[0]) {
          await client.end();
          return lost(new Fenced(`shard ${rows[0].id} is owned by another process now`));
        }
        const locked = await Promise.all(shards.map((shard) => lock(client, shard)));
        if (!locked.includes(false)) return this.keep(client);
        // Our own session that the server has not missed yet, or another that is about to write the row.
        await client.end();
      } catch (error) {
        log.debug({ err: error }, 'the shards are not locked again yet');
      }
      await pause(TRY_AGAIN_MS);
    }
  }
}

/** Whether any process is at work on this database. */
export async function isOwned(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ owned: boolean }>(IS_OWNED, [LOCK]);
  return rows[0]?.owned === true;
}

async function farewell(client: pg.Client): Promise<void> {
  const late = setTimeout(() => cutConnection(client), FAREWELL_MS_MAX);
  await client.end().catch(() => undefined);
  clearTimeout(late);
}

interface Holder {
  pid: number;
  client_addr: string | null;
  since: Date;
}

async function lock(client: pg.Client, shard: number): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', [
    LOCK,
    shard,
  ]);
  return rows[0]?.locked === true;
}

async function holderOf(client: pg.Client, shard: number): Promise<Holder | undefined> {
  return (await client.query<Holder>(HOLDER, [LOCK, shard])).rows[0];
}

/** The row first: the owner that finds its session gone looks there whether the shard is still its own. */
async function dispossess(client: pg.Client, shard: number, pid: number | undefined): Promise<void> {
  await client.query('update shards set epoch = epoch + 1, owner = null where id = $1', [shard]);
  if (pid !== undefined) await client.query('select pg_terminate_backend($1)', [pid]);
}

function refusalOf(shard: number, holder: Holder | undefined): string {
  const who = holder
    ? ` (connected from ${holder.client_addr ?? 'this machine'} since ${holder.since.toISOString()})`
    : '';
  return (
    `shard ${shard} is owned by another Millrace process that is alive${who}: stop that one, give this one other shards ` +
    '(--own-shards), or take the shard from it with --take-over'
  );
}
