import type pg from 'pg';

export interface ReadinessCheck {
  name: string;
  ok: boolean;
  detail?: string;
}

export interface Readiness {
  ready: boolean;
  checks: ReadinessCheck[];
}

export interface Health {
  /** Asks the database, and whether this process takes work. */
  readiness(): Promise<Readiness>;
}

/** A database that does not answer a trivial question within this time is not there for an order either. */
const DATABASE_ANSWER_MS_MAX = 2_000;

export function createHealth({ pool, accepting }: { pool: pg.Pool; accepting: () => boolean }): Health {
  return {
    async readiness() {
      const checks = [await databaseCheck(pool), { name: 'pipeline', ok: accepting() }];
      return { ready: checks.every((check) => check.ok), checks };
    },
  };
}

async function databaseCheck(pool: pg.Pool): Promise<ReadinessCheck> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), DATABASE_ANSWER_MS_MAX);
  });
  try {
    await Promise.race([pool.query('select 1'), late]);
    return { name: 'database', ok: true };
  } catch (error) {
    return { name: 'database', ok: false, detail: (error as Error).message };
  } finally {
    clearTimeout(timer);
  }
}
