import type { ErrandLimits } from '../desks/errand.ts';
import type { Lanes } from './job-runner.ts';

/** Destinations that are remembered at most: those under way, and those that failed last. Beyond, the oldest is forgotten. */
const REMEMBERED_MAX = 10_000;

type Limits = Pick<ErrandLimits, 'callsAtOnce' | 'failuresMax' | 'pauseMs' | 'pauseMsMax'>;

interface State {
  limits: Limits;
  /** Jobs that were taken and have not ended. */
  busy: number;
  /** One after another, up to now. */
  failures: number;
  /** By `now`; in the past: the breaker is not open. */
  openUntil: number;
  pauseMs: number;
}

/**
 * A breaker and a number of calls at once for each destination of errands in this process. Each is a lane of jobs: those of a
 * destination that is down or busy stay in the queue, cost no attempt, and take no worker from the others.
 */
export interface Destinations extends Lanes {
  /** Runs one call. @throws what it throws, or that the breaker is open. */
  guard<Value>(lane: string, call: () => Promise<Value>, isAnswer: (error: unknown) => boolean): Promise<Value>;
}

export interface DestinationsOptions {
  /** undefined: there is no such lane (any more), and it is not bounded. */
  limitsOf(lane: string): Limits | undefined;
  /** Monotonic, ms. */
  now?: () => number;
}

export function createDestinations({ limitsOf, now = () => performance.now() }: DestinationsOptions): Destinations {
  const states = new Map<string, State>();

  function stateOf(lane: string): State | undefined {
    const known = states.get(lane);
    if (known) return known;
    const limits = limitsOf(lane);
    if (!limits) return undefined;
    const state = { limits, busy: 0, failures: 0, openUntil: 0, pauseMs: limits.pauseMs };
    states.set(lane, state);
    if (states.size > REMEMBERED_MAX) {
      const idle = [...states].find(([, { busy }]) => busy === 0);
      if (idle && idle[0] !== lane) states.delete(idle[0]);
    }
    return state;
  }

  const isOpen = (state: State): boolean => state.openUntil > now();

  function isFull(state: State): boolean {
    return isOpen(state) || state.busy >= (state.failures > 0 ? 1 : state.limits.callsAtOnce);
  }

  function failed(state: State): void {
    state.failures += 1;
    // Others that were under way when it opened tell nothing new.
    if (state.failures < state.limits.failuresMax || isOpen(state)) return;
    state.openUntil = now() + state.pauseMs;
    state.pauseMs = Math.min(state.pauseMs * 2, state.limits.pauseMsMax);
  }

  function answered(state: State): void {
    Object.assign(state, { failures: 0, openUntil: 0, pauseMs: state.limits.pauseMs });
  }

  return {
    full: () => [...states].flatMap(([lane, state]) => (isFull(state) ? [lane] : [])),
    taken(lane) {
      const state = stateOf(lane);
      if (state) state.busy += 1;
    },
    left(lane) {
      const state = states.get(lane);
      if (!state) return;
      state.busy = Math.max(0, state.busy - 1);
      if (state.busy === 0 && state.failures === 0) states.delete(lane);
    },
    async guard(lane, call, isAnswer) {
      const state = stateOf(lane);
      if (!state) return call();
      if (isOpen(state)) throw new Error(`the breaker of ${lane} is open: nothing is asked of it for a while`);
      try {
        const value = await call();
        answered(state);
        return value;
      } catch (error) {
        if (isAnswer(error)) answered(state);
        else failed(state);
        throw error;
      }
    },
  };
}
