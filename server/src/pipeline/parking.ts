import type { Waiting } from './claim.ts';
import type { Trouble } from './retry.ts';

/** Commands of one user that wait for the first of them, in order. */
export interface Parked {
  readonly waiting: Waiting[];
  readonly trouble: Trouble;
}

/**
 * Where a command waits that others in the database are in the way of, so that it holds nobody up. The same user's later
 * commands wait behind it: they were sent in this order, and may build on it.
 */
export interface Parking {
  readonly size: number;
  readonly isDue: boolean;
  /** Puts one aside for so long, or behind the same user's that is there already. */
  park(waiting: Waiting, trouble: Trouble, pauseMs: number): void;
  /** Those that need not wait behind another; the rest is parked. */
  sift(waiting: readonly Waiting[]): readonly Waiting[];
  /** The next whose pause is over. It is parked no longer. */
  due(): Parked | undefined;
  /** Everything is due now. */
  hurry(): void;
}

/** Of the system's own commands none waits for another: who submits them in an order waits for each answer. */
function lineOf({ command }: Waiting): string {
  return command.userId ?? command.id;
}

/** @param wake called when something is due. */
export function createParking(wake: () => void): Parking {
  const lines = new Map<string, Parked & { timer: NodeJS.Timeout }>();
  const due: string[] = [];
  let size = 0;
  return {
    get size() {
      return size;
    },
    get isDue() {
      return due.length > 0;
    },
    park(waiting, trouble, pauseMs) {
      size += 1;
      const line = lineOf(waiting);
      const there = lines.get(line);
      if (there) {
        there.waiting.push(waiting);
        return;
      }
      const timer = setTimeout(() => {
        due.push(line);
        wake();
      }, pauseMs);
      lines.set(line, { waiting: [waiting], trouble, timer });
    },
    sift(waiting) {
      if (size === 0) return waiting;
      return waiting.filter((each) => {
        const there = lines.get(lineOf(each));
        if (!there) return true;
        there.waiting.push(each);
        size += 1;
        return false;
      });
    },
    due() {
      const line = due.shift();
      const parked = line === undefined ? undefined : lines.get(line);
      if (!parked || line === undefined) return undefined;
      lines.delete(line);
      size -= parked.waiting.length;
      return parked;
    },
    hurry() {
      for (const [line, { timer }] of lines) {
        clearTimeout(timer);
        if (!due.includes(line)) due.push(line);
      }
    },
  };
}
