import type { Loader } from '../desk.ts';

/**
 * A part of a desk's working set. The commands of a batch ask each part for what they may touch, and what was asked for is read in
 * one statement.
 */
export abstract class Part {
  /** Whether rows are locked as they are read. */
  abstract readonly locks: boolean;
  /** Whether something was asked for that was not read yet. */
  abstract readonly isAsked: boolean;
  /** Sends at once what was asked for; what it answers is in the part when this resolves. */
  abstract read(loader: Loader): Promise<unknown>;
}

/** What is asked for, each thing once, in the order in which it was named first. */
export class Asked<Key> {
  readonly all = new Set<Key>();
  unread: Key[] = [];

  add(key: Key): void {
    const { all, unread } = this;
    const before = all.size;
    // One look, not two: this is done for every command.
    if (all.add(key).size > before) unread.push(key);
  }

  take(): Key[] {
    const { unread } = this;
    this.unread = [];
    return unread;
  }
}

/** What is only looked up, by a select of its own, and locks nothing: users, who holds notes. Values by the key that `select` gives them. */
export class Lookup<Value> extends Part {
  readonly locks = false;
  private readonly asked = new Asked<string>();
  private readonly found = new Map<string, Value>();
  private readonly select: (loader: Loader, keys: readonly string[]) => Promise<Iterable<readonly [string, Value]>>;

  constructor(select: Lookup<Value>['select']) {
    super();
    this.select = select;
  }

  ask(key: string): void {
    this.asked.add(key);
  }

  get isAsked(): boolean {
    return this.asked.unread.length > 0;
  }

  async read(loader: Loader): Promise<void> {
    for (const [key, value] of await this.select(loader, this.asked.take())) this.found.set(key, value);
  }

  get(key: string): Value | undefined {
    return this.found.get(key);
  }

  has(key: string): boolean {
    return this.found.has(key);
  }

  /** @throws Error where nothing was found. */
  must(key: string, what: string): Value {
    return must(this.found.get(key), what, key);
  }

  values(): Iterable<Value> {
    return this.found.values();
  }

  /** For `apply`: a change makes it so. */
  set(key: string, value: Value): void {
    this.found.set(key, value);
  }
}

/** What was read, or what `apply` must have put there. @throws Error where it is not there. */
export function must<Value>(value: Value | undefined, what: string, key: string | number): Value {
  if (value === undefined) throw new Error(`${what} ${key} was not read`);
  return value;
}

/** The parts of a working set: every field that is one, in the order of its fields. */
export function partsOf(rows: object): Part[] {
  return Object.values(rows).filter((value): value is Part => value instanceof Part);
}
