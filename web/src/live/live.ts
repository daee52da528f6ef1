import type { Handlers, Stream, StreamOptions, StreamState, Subscription } from '@millrace/client';
import type { WireEventEnvelope } from '@millrace/contract';

/** Events that were handled; the same one may come over several channels. More than any page follows at once. */
const SEEN_MAX = 2_000;
/** Channels whose position is remembered after a page has left them; beyond, the oldest is forgotten and read anew. */
const LEFT_MAX = 200;

export interface LiveOptions {
  openStream(options: StreamOptions): Stream;
  /** Once for each event, whatever the number of channels that bring it. */
  onEvent(event: WireEventEnvelope, channel: string): void;
  /** Events of the channel may have been missed: what it keeps fresh has to be read again. */
  onGap(channel: string): void;
  /** The connection is back after it was lost. */
  onRecovered(): void;
}

/** The one live connection of the page. */
export interface Live {
  readonly state: StreamState;
  onState(listener: () => void): () => void;
  /** Opens the connection for whoever is logged in now. */
  start(): void;
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
  let stream: Stream | undefined;
  let state: StreamState = 'closed';
  let wasOpen = false;
  let generation = 0;

  function changeState(next: StreamState): void {
    state = next;
    if (next === 'open') {
      if (wasOpen) options.onRecovered();
      wasOpen = true;
    }
    for (const listener of listeners) listener();
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
      // A stream that was stopped still says that it closes, when the next one may be at work already.
      generation += 1;
      const mine = generation;
      stream = options.openStream({
        onState: (next) => {
          if (mine === generation) changeState(next);
        },
      });
      for (const channel of followers.keys()) channels.open(stream, channel);
    },
    stop() {
      const ending = stream;
      stream = undefined;
      generation += 1;
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
function createChannels({ onEvent, onGap }: Pick<LiveOptions, 'onEvent' | 'onGap'>) {
  const subscriptions = new Map<string, Subscription>();
  const left = new Map<string, string>();
  const seen = createRecent(SEEN_MAX);
  return {
    open(stream: Stream, channel: string): void {
      const after = left.get(channel) ?? subscriptions.get(OWN)?.cursor;
      const handlers: Handlers = {
        event: (event) => {
          if (seen.add(event.id)) onEvent(event, channel);
        },
        reload: () => onGap(channel),
        // Followed from now on: what the page had read before may be older.
        subscribed: (resumed) => {
          if (!resumed) onGap(channel);
        },
        // A channel that is refused is one that this person may not follow: the page works without.
        error: (error) => console.warn(`channel ${channel}`, error),
      };
      subscriptions.set(channel, stream.subscribe(channel, handlers, { after }));
    },
    leave(channel: string): void {
      const subscription = subscriptions.get(channel);
      subscriptions.delete(channel);
      if (subscription?.cursor !== undefined) {
        left.delete(channel);
        left.set(channel, subscription.cursor);
        if (left.size > LEFT_MAX) left.delete(left.keys().next().value as string);
      }
      subscription?.close();
    },
    clear(): void {
      subscriptions.clear();
      left.clear();
      seen.clear();
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
