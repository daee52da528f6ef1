import type { WireOverview } from '@millrace/contract';
import { formatCount } from '../../../money/index.ts';
import { overdueWords } from '../overdue/overdue.ts';

export type HealthState = 'healthy' | 'behind' | 'failing';

/** One thing that can go wrong, how it stands, and what that means. */
export interface HealthItem {
  id: string;
  label: string;
  state: HealthState;
  words: string;
  /** The page on which something can be done about it. */
  to?: string;
}

/** A consumer that is so far behind has lost its rhythm: it usually keeps up within a second. */
const BEHIND_SECONDS = 5;
const FAILING_SECONDS = 120;
/** From here on the queue is no ripple any more; when it is full, orders are refused. */
const QUEUE_BEHIND = 0.25;
const QUEUE_FAILING = 0.9;
/** Entries that lists lack: what a full second of orders writes is nothing yet. */
const LISTS_BEHIND = 20_000;
/** What the server counts up to. */
const COUNTED_MAX = 10_000;

/** What an operator has to know first. Worst first is for `worstOf`; the order here is that of the way of an order. */
export function healthOf(overview: WireOverview): HealthItem[] {
  return [
    queueHealth(overview),
    listHealth(overview),
    consumerHealth(overview),
    dueHealth(overview),
    overdueHealth(overview),
    jobHealth(overview),
    letters(overview),
  ];
}

export function worstOf(items: readonly HealthItem[]): HealthState {
  const states = new Set(items.map(({ state }) => state));
  return states.has('failing') ? 'failing' : states.has('behind') ? 'behind' : 'healthy';
}

/** A consumer by itself, for its row in the table. */
export function stateOfLag(lagSeconds: number): HealthState {
  if (lagSeconds >= FAILING_SECONDS) return 'failing';
  return lagSeconds >= BEHIND_SECONDS ? 'behind' : 'healthy';
}

function queueHealth({ queue, commits }: WireOverview): HealthItem {
  if (!commits.possible) {
    const words = 'The database takes no writes: new orders are refused.';
    return { id: 'queue', label: 'Order path', state: 'failing', words };
  }
  const share = queue.max === 0 ? 0 : queue.waiting / queue.max;
  const state = share >= QUEUE_FAILING ? 'failing' : share >= QUEUE_BEHIND ? 'behind' : 'healthy';
  const words = {
    healthy: 'Orders are decided as they come.',
    behind: `${formatCount(queue.waiting)} orders wait to be decided.`,
    failing: 'The queue is nearly full: new orders will be refused.',
  };
  return { id: 'queue', label: 'Order path', state, words: words[state] };
}

function listHealth({ read_models: { lag } }: WireOverview): HealthItem {
  const state = lag >= LISTS_BEHIND ? 'behind' : 'healthy';
  const words = state === 'healthy' ? 'Lists hold everything.' : `Lists lack the newest ${formatCount(lag)} entries.`;
  return { id: 'lists', label: 'Lists', state, words };
}

function consumerHealth({ consumers }: WireOverview): HealthItem {
  const last = consumers.toSorted((one, other) => other.lag_seconds - one.lag_seconds)[0];
  const state = stateOfLag(last?.lag_seconds ?? 0);
  const words =
    last === undefined || state === 'healthy'
      ? 'All consumers of events keep up.'
      : `${last.name} is ${formatCount(Math.round(last.lag_seconds))} s behind.`;
  return { id: 'consumers', label: 'Consumers', state, words };
}

/** What time has made due: held while the clock is not believed, made up for after a stop. */
function dueHealth({ clock, due: { waiting, done } }: WireOverview): HealthItem {
  const isHeld = clock !== null && clock.fault !== null;
  const state = isHeld ? 'failing' : done > 0 && waiting > 0 ? 'behind' : 'healthy';
  const words = {
    healthy: 'What is due is done by the minute.',
    behind: `Catching up: ${formatCount(done)} of ${formatCount(done + waiting)}${waiting >= COUNTED_MAX ? ' or more' : ''}.`,
    failing: `${countOf(waiting)} ${waitVerb(waiting)} until the clock is right or confirmed.`,
  };
  return { id: 'due', label: 'What is due', state, words: words[state] };
}

function overdueHealth({ overdue }: WireOverview): HealthItem {
  const state = overdue.count > 0 ? 'behind' : 'healthy';
  return { id: 'overdue', label: 'Overdue', state, words: overdueWords(overdue) };
}

function jobHealth({ jobs }: WireOverview): HealthItem {
  const state = jobs.failing > 0 ? 'behind' : 'healthy';
  const words =
    jobs.failing > 0
      ? `${countOf(jobs.failing)} tried in vain, and tried again.`
      : jobs.waiting === 0
        ? 'Nothing is to be done outside.'
        : `${countOf(jobs.waiting)} ${jobs.waiting === 1 ? 'waits for its' : 'wait for their'} time, or for the outside.`;
  return { id: 'jobs', label: 'Jobs', state, words };
}

function letters({ dead_letters: { waiting } }: WireOverview): HealthItem {
  const words =
    waiting === 0
      ? 'Nothing waits for an operator.'
      : `${countOf(waiting)} ${waiting === 1 ? 'order' : 'orders'} ${waitVerb(waiting)} for an operator.`;
  const state = waiting > 0 ? 'failing' : 'healthy';
  return { id: 'dead-letters', label: 'Dead letters', state, words, to: '/operate/dead-letters' };
}

function countOf(count: number): string {
  return count >= COUNTED_MAX ? `${formatCount(COUNTED_MAX)} or more` : formatCount(count);
}

function waitVerb(count: number): string {
  return count === 1 ? 'waits' : 'wait';
}
