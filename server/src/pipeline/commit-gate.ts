import type { Logger } from 'pino';
import { setTimeout as pause } from 'node:timers/promises';
import { databaseFault } from '../db/errors.ts';
import { CONNECTION_LOST } from '../db/pool.ts';

/** A commit within this time says that others can, too: no need to try. */
const FRESH_MS = 10_000;
const PROBE_PAUSE_MS = 250;
/** How soon orders are taken again after what was in the way is gone. */
const PROBE_PAUSE_MS_MAX = 2_000;

export interface CommitGateOptions {
  /** Commits something that changes nothing: a little, or as much as a batch of orders. */
  probe: (size: 'little' | 'much') => Promise<void>;
  log: Logger;
}

/** Whether anything can be committed: the one answer that readiness, intake, overview and metrics give. */
export interface CommitGate {
  readonly isOpen: boolean;
  /** Why it is closed, as a code of the server or the system, and since when (ms since the epoch). */
  readonly closed: { code: string; since: number } | undefined;
  /** Something was committed just now. */
  committed(): void;
  /** Nothing can be committed. From now on it tries, with growing pauses, and opens when a commit succeeds. */
  close(error: unknown): void;
  /** Whether it is open; where nothing was committed for a while, it tries first. */
  check(): Promise<boolean>;
  /** No more tries. */
  stop(): Promise<void>;
}

export function createCommitGate({ probe, log }: CommitGateOptions): CommitGate {
  const stopping = new AbortController();
  let closed: { code: string; since: number } | undefined;
  let lastCommit = Number.NEGATIVE_INFINITY;
  let checking: Promise<void> | undefined;
  let reopening: Promise<void> | undefined;

  const isOpen = (): boolean => closed === undefined;

  function open(): void {
    if (!closed) return;
    log.info({ seconds: Math.round((Date.now() - closed.since) / 1_000) }, 'the database takes writes again');
    closed = undefined;
  }

  function committed(): void {
    lastCommit = performance.now();
    if (closed) open();
  }

  function close(error: unknown): void {
    if (closed || stopping.signal.aborted) return;
    closed = { code: codeOf(error), since: Date.now() };
    log.error({ err: error }, 'the database takes no writes: orders are refused until it does');
    reopening = reopen();
  }

  async function reopen(): Promise<void> {
    for (let pauseMs = PROBE_PAUSE_MS; !isOpen(); pauseMs = Math.min(pauseMs * 2, PROBE_PAUSE_MS_MAX)) {
      await pause(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      await probe('much').then(committed, (error: unknown) => log.debug({ err: error }, 'still no writes'));
    }
  }

  /** A lock or a limit in the way of the probe says nothing about others' commits. */
  async function tryOne(): Promise<void> {
    try {
      await probe('little');
      committed();
    } catch (error) {
      if (databaseFault(error) !== 'busy') close(error);
    }
    checking = undefined;
  }

  return {
    get isOpen() {
      return isOpen();
    },
    get closed() {
      return closed;
    },
    committed,
    close,
    async check() {
      if (closed) return false;
      if (performance.now() - lastCommit > FRESH_MS) await (checking ??= tryOne());
      return isOpen();
    },
    async stop() {
      stopping.abort();
      await Promise.all([checking, reopening]);
    },
  };
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : CONNECTION_LOST;
}
