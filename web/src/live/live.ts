import type { Handlers, Stream, StreamOptions, StreamState, Subscription } from '@millrace/client';
import type { WireEventEnvelope } from '@millrace/contract';

/** Events that were handled; the same one may come over several channels. More than any page follows at once. */
const SEEN_MAX = 2_000;
/** Channels whose position is remembered after a page has left them; beyond, the oldest is forgotten and read again. */
const LEFT_MAX = 200;
/** Channels that begin together are answered together: one reading is enough for all. */
const GATHER_MS = 50;
/** After 1, 2, 4 … 16 s a refusal is not taken for a passing one any more: who is there is told, and may ask again. */
const REOPENINGS_MAX = 5;
const REOPEN_DELAY_MS = 1_000;
/** A stream that held this long was a good one: the next end starts with the short delays again. */
const STABLE_MS = 60_000;

export interface LiveOptions {
  openStream(options: StreamOptions): Stream;
  /** Once for each event, whatever the number of channels that bring it. */
  onEvent(event: WireEventEnvelope): void;
  /** Once for each event of the person's own channel, whichever other one was faster with it. */
  onOwnEvent(event: WireEventEnvelope): void;
  /** Events may have been missed: what they keep fresh has to be read again. Gaps that come together are told once. */
  onGap(): void;
  /** The connection is back after it was lost. */
  onRecovered(): void;
}

/** `stopped`: given up after enough attempts, until another one is asked for. */
export type LiveState = StreamState | 'stopped';

/** The one live connection of the page. */
export interface Live {
  readonly state: LiveState;
  onState(listener: () => void): () => void;
  /** Opens the connection for the user who is logged in now. */
  start(): void;
  /** Where it was given up: tries again, and goes on where it was. */
  again(): void;
  /** Ends it and forgets what it knew. */
  stop(): void;
  /** Follows a channel until the returned function is called. Several may follow the same one. */
  follow(channel: string): () => void;
}

/** Everybody's own channel: its position is where a channel begins that a page opens later. */
const OWN = 'me';

export function createLive(options: LiveOptions): Live {
  const followers = new Map<string, number>();
  const listeners = new Set<() => void>();
  const channels = createChannels(options);
  const reopening = createReopening();
  let stream: Stream | undefined;
  let state: LiveState = 'closed';
  let wasOpen = false;
  let generation = 0;

  function changeState(next: LiveState): void {
    state = next;
    if (next === 'open') {
      reopening.opened();
      if (wasOpen) options.onRecovered();
      wasOpen = true;
    }
    for (const listener of listeners) listener();
  }

  function open(): void {
    // A stream that was stopped still says that it closes, when the next one may be at work already.
    generation += 1;
    const mine = generation;
    stream = options.openStream({
      onState: (next) => {
        if (mine !== generation) return;
        if (next === 'closed') ended();
        else changeState(next);
      },
    });
    for (const channel of followers.keys()) channels.open(stream, channel);
  }

  /** The stream has ended by itself: it was refused, in a way that it takes for final. */
  function ended(): void {
    stream = undefined;
    channels.suspend();
    changeState(reopening.plan(open) ? 'waiting' : 'stopped');
  }

  return {
    get state() {
      return state;
    },
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      if (stream) return;
      wasOpen = false;
      reopening.clear();
      open();
    },
    again() {
      if (state !== 'stopped' || stream) return;
      reopening.clear();
      open();
    },
    stop() {
      const ending = stream;
      stream = undefined;
      generation += 1;
      reopening.clear();
      channels.clear();
      ending?.close();
      changeState('closed');
    },
    follow(channel) {
      const count = followers.get(channel) ?? 0;
      followers.set(channel, count + 1);
      if (count === 0 && stream) channels.open(stream, channel);
      let following = true;
      return () => {
        if (!following) return;
        following = false;
        const rest = (followers.get(channel) ?? 1) - 1;
        if (rest > 0) return void followers.set(channel, rest);
        followers.delete(channel);
        channels.leave(channel);
      };
    },
  };
}

/** What the stream follows now, and where the channels stand that were left. */
function createChannels({ onEvent, onOwnEvent, onGap }: Pick<LiveOptions, 'onEvent' | 'onOwnEvent' | 'onGap'>) {
  const subscriptions = new Map<string, Subscription>();
  const left = new Map<string, string>();
  const seen = createRecent(SEEN_MAX);
  const seenOwn = createRecent(SEEN_MAX);
  let gap: ReturnType<typeof setTimeout> | undefined;

  function tellGap(): void {
    gap ??= setTimeout(() => {
      gap = undefined;
      onGap();
    }, GATHER_MS);
  }

  function leave(channel: string): void {
    const subscription = subscriptions.get(channel);
    subscriptions.delete(channel);
    if (subscription?.cursor !== undefined) {
      left.delete(channel);
      left.set(channel, subscription.cursor);
      if (left.size > LEFT_MAX) left.delete(left.keys().next().value as string);
    }
    subscription?.close();
  }

  return {
    open(stream: Stream, channel: string): void {
      const after = left.get(channel) ?? subscriptions.get(OWN)?.cursor;
      const handlers: Handlers = {
        event: (event) => {
          if (seen.add(event.id)) onEvent(event);
          if (channel === OWN && seenOwn.add(event.id)) onOwnEvent(event);
        },
        reload: tellGap,
        // Followed from now on: what the page had read before may be older.
        subscribed: (resumed) => {
          if (!resumed) tellGap();
        },
        // A channel that is refused is one that this person may not follow: the page works without.
        error: (error) => console.warn(`channel ${channel}`, error),
      };
      subscriptions.set(channel, stream.subscribe(channel, handlers, { after }));
    },
    leave,
    /** The stream has gone, and the next one goes on where it was. */
    suspend(): void {
      for (const channel of subscriptions.keys()) leave(channel);
    },
    clear(): void {
      clearTimeout(gap);
      gap = undefined;
      subscriptions.clear();
      left.clear();
      seen.clear();
      seenOwn.clear();
    },
  };
}

/** When a stream that has ended by itself is opened again: ever later, and not for ever. */
function createReopening() {
  let attempts = 0;
  let openedAt: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    opened(): void {
      openedAt = Date.now();
    },
    /** @returns whether there is another attempt. */
    plan(open: () => void): boolean {
      if (openedAt !== undefined && Date.now() - openedAt > STABLE_MS) attempts = 0;
      openedAt = undefined;
      if (attempts >= REOPENINGS_MAX) return false;
      timer = setTimeout(open, REOPEN_DELAY_MS * 2 ** attempts);
      attempts += 1;
      return true;
    },
    clear(): void {
      clearTimeout(timer);
      attempts = 0;
      openedAt = undefined;
    },
  };
}

/** The newest ids, each told once whether it is new. */
function createRecent(max: number) {
  const ids = new Set<string>();
  return {
    add(id: string): boolean {
      if (ids.has(id)) return false;
      ids.add(id);
      if (ids.size > max) ids.delete(ids.values().next().value as string);
      return true;
    },
    clear: () => ids.clear(),
  };
}
