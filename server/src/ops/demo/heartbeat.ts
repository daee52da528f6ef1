import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import { pick, type Random } from '../../core/random.ts';
import { type BucketLimits, TokenBucket } from '../../core/token-bucket.ts';
import { type Actor, type DemoWorld, RESTED } from '../../desks/demo.ts';
import { DESKS } from '../../desks/index.ts';
import type { DeskModule } from '../../desks/module.ts';
import type { Ask } from '../../desks/resource.ts';
import type { Intake } from '../../intake/intake.ts';
import { type Cast, personOf } from './people.ts';

export interface HeartbeatOptions {
  cast: Cast;
  intake: Intake;
  ask: Ask;
  clock: Clock;
  currency: string;
  log: Logger;
  /** Default Math.random. */
  random?: Random;
  /** Mean time between two beats. Default 4,000 ms: a newcomer who looks for a quarter of a minute sees something happen. */
  intervalMs?: number;
}

export interface Heartbeat {
  start(): void;
  /** Resolves when the beat that is under way has ended. */
  stop(): Promise<void>;
  /** One thing that happens; what it was. For tests, which do not wait. */
  beat(): Promise<string>;
}

const INTERVAL_MS = 4_000;
const HOUR_SECONDS = 3_600;

/**
 * A laptop that is left running for a week must stay small: the first half hour is lively, then what is left comes to
 * about 8,000 commands a week, a few megabytes.
 */
const ALLOWANCE: BucketLimits = { burst: 500, perSecond: 45 / HOUR_SECONDS };

/** Makes the demonstration live: each beat is one desk's. Everything goes through intake. */
export function createHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { clock, log } = options;
  const random = options.random ?? Math.random;
  const intervalMs = options.intervalMs ?? INTERVAL_MS;
  const { cast, intake, ask, currency } = options;
  const caller = (actor: Actor) => personOf(cast, actor);
  const world: DemoWorld = { caller, submit: intake.submit, ask, clock, currency, random };
  const beats = DESKS.flatMap(({ demo }: DeskModule) => demo?.createBeat?.(world) ?? []);
  const allowance = new TokenBucket(ALLOWANCE, clock.now());
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<unknown> = Promise.resolve();
  let stopped = true;

  async function beat(): Promise<string> {
    const one = pick(random, beats);
    return one && allowance.takeIfThere(clock.now()) === 0 ? one() : RESTED;
  }

  function schedule(): void {
    if (stopped) return;
    // Between half and one and a half of the mean, so that it does not look like a machine.
    timer = setTimeout(
      () => {
        underWay = beat()
          .catch((error: unknown) => log.debug({ err: error }, 'a beat of the demonstration failed'))
          .finally(schedule);
      },
      intervalMs * (0.5 + random()),
    );
    timer.unref();
  }

  return {
    beat,
    start() {
      if (!stopped) return;
      stopped = false;
      schedule();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}
