import type pg from 'pg';
import type { Logger } from 'pino';

export interface ReadinessCheck {
  name: string;
  ok: boolean;
}

export interface Readiness {
  ready: boolean;
  /** Which part is not ready, and nothing about why: everybody may ask. */
  checks: ReadinessCheck[];
}

export interface Health {
  /** Asks the database, and whether this process takes work. */
  readiness(): Promise<Readiness>;
}

/** A database that does not answer a trivial question within this time is not there for an order either. */
const DATABASE_ANSWER_MS_MAX = 2_000;

export interface HealthOptions {
  pool: pg.Pool;
  /** Whether this process takes orders. */
  accepting: () => boolean;
  /** Whether anything can be committed. */
  commits: () => Promise<boolean>;
  /** Whether the clock is believed. Orders are taken all the same, so that readiness does not depend on it. Default: yes. */
  clockBelieved?: () => boolean;
  /** Is told when the database stops answering and when it answers again, not each time that it is asked. */
  log: Logger;
}

export function createHealth({ pool, accepting, commits, clockBelieved, log }: HealthOptions): Health {
  let wasThere = true;
  return {
    async readiness() {
      const fault = await faultOf(pool);
      const isThere = fault === undefined;
      if (wasThere && !isThere) log.warn({ err: fault }, 'the database does not answer');
      if (!wasThere && isThere) log.info('the database answers again');
      wasThere = isThere;
      const checks = [
        { name: 'database', ok: isThere },
        { name: 'pipeline', ok: accepting() },
        { name: 'commits', ok: isThere && (await commits()) },
      ];
      const ready = checks.every((check) => check.ok);
      if (clockBelieved) checks.push({ name: 'clock', ok: clockBelieved() });
      return { ready, checks };
    },
  };
}

/** Why the database does not answer; undefined where it does. */
async function faultOf(pool: pg.Pool): Promise<Error | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), DATABASE_ANSWER_MS_MAX);
  });
  try {
    await Promise.race([pool.query('select 1'), late]);
    return undefined;
  } catch (error) {
    return error as Error;
  } finally {
    clearTimeout(timer);
  }
}
