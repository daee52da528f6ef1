import type pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import { formatId } from '../../core/ids.ts';
import { type DemoGroup, DESKS } from '../../desks/index.ts';
import type { DeskModule } from '../../desks/module.ts';
import type { Ask } from '../../desks/resource.ts';
import type { Identity } from '../../intake/identity/index.ts';
import type { Intake } from '../../intake/intake.ts';
import type { DemoAccess } from '../runtime-file.ts';
import { ensureOperatorPassword, ensureServiceKey } from './access.ts';
import { createHeartbeat } from './heartbeat.ts';
import { type Cast, ensurePeople, LOGINS, personOf } from './people.ts';
import { seedHistory } from './seed.ts';

export { DemoInProduction, requireDemoAllowed } from './allowed.ts';

export interface DemoOptions {
  pool: pg.Pool;
  identity: Identity;
  intake: Intake;
  /** Intake by another clock, over the same pipeline. */
  intakeAt: (clock: Clock) => Intake;
  ask: Ask;
  clock: Clock;
  shardCount: number;
  /** The code of the installation's currency. */
  currency: string;
  /** The name of what brings money in and out; null: nothing does. */
  gateway: string | null;
  dataFolder: string;
  /** Whether others than this machine can reach it. */
  isOpen: boolean;
  log: Logger;
}

export interface Demo {
  /** Logins and key, for the banner, the runtime file and `millrace status`. */
  access: DemoAccess;
  /** Others begin to act. */
  start(): void;
  stop(): Promise<void>;
}

/** Makes users, history and key where they are missing; a later start finds them and takes a few milliseconds. */
export async function openDemo(options: DemoOptions): Promise<Demo> {
  const { pool, identity, intake, ask, clock, currency, dataFolder, log } = options;
  const cast = await ensurePeople({ pool, identity });
  await seedHistory(cast, options);
  const service = personOf(cast, 'service');
  const serviceKey = await ensureServiceKey({ dataFolder, identity, serviceId: service.userId });
  const operator = personOf(cast, 'operator');
  const operatorPassword = await ensureOperatorPassword({ ...options, operatorId: operator.userId });
  const heartbeat = createHeartbeat({ cast, intake, ask, clock, currency, log });
  return {
    access: {
      users: Object.values(LOGINS).map(({ role, email, password }) => ({
        role,
        email,
        password: role === 'operator' ? operatorPassword : password,
      })),
      service_key: serviceKey,
      ...groupsOf(cast),
    },
    start: heartbeat.start,
    stop: heartbeat.stop,
  };
}

/** Who is there for callers to act for, as desks say. */
function groupsOf(cast: Cast): Record<DemoGroup, string[]> {
  const groups = DESKS.flatMap(({ demo }: DeskModule) => Object.entries(demo?.groups ?? {}));
  const ids = groups.map(([name, actors]) => [
    name,
    actors.map((actor) => formatId('user', personOf(cast, actor).userId)),
  ]);
  return Object.fromEntries(ids) as Record<DemoGroup, string[]>;
}
