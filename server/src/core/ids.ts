import { ID_PREFIXES, type IdKind } from '@millrace/contract/vocabulary';
import { createHmac, createSecretKey, hash, randomFillSync } from 'node:crypto';

export type { IdKind };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const CALLERS_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-7][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

// One call into the random generator for a thousand ids: a call for each costs more than the rest of the id.
const POOL_BYTES = 10_240;
const pool = Buffer.alloc(POOL_BYTES);
let poolOffset = POOL_BYTES;
let lastMs = 0;
let counter = 0;
/** Further back than this is no correction of the clock. */
const STEP_BACK_MS_MAX = 60_000;

/**
 * A UUID of version 7 (RFC 9562, method 1): 48 bits of milliseconds, a 12 bit counter that keeps the ids of one
 * process in order within a millisecond, and 62 random bits. Time-ordered ids keep the primary keys' inserts at the
 * right edge of the index.
 */
export function uuidv7(): string {
  const now = Math.max(0, Date.now());
  // A clock that was far ahead and came back takes the ids along: those that follow are to sort with the rest again.
  if (now > lastMs || lastMs - now > STEP_BACK_MS_MAX) {
    lastMs = now;
    counter = 0;
  } else {
    counter += 1;
    if (counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
  }
  if (poolOffset + 8 > POOL_BYTES) {
    randomFillSync(pool);
    poolOffset = 0;
  }
  const time = lastMs.toString(16).padStart(12, '0');
  const o = poolOffset;
  poolOffset += 8;
  const byte = (i: number): string => HEX[pool[o + i] as number] as string;
  const variant = HEX[((pool[o] as number) & 0x3f) | 0x80] as string;
  const version = (0x7000 | counter).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}${byte(1)}-${byte(2)}${byte(3)}${byte(4)}${byte(5)}${byte(6)}${byte(7)}`;
}

/**
 * Makes the UUID (version 8) that stands for a name within one installation: for what must exist once per cause, such as a
 * user's cash account or the command that collects the third instalment of a loan.
 */
export type DeriveId = (name: string) => string;

/**
 * HMAC-SHA-256 under the installation's secret: these ids cannot be worked out from the names, which everybody who knows
 * the code can guess. Version 8 is the system's alone (`isCallersUuid`), so that no caller can come before it either.
 */
export function derivation(secret: Uint8Array): DeriveId {
  // Made once: an id with a key object of its own took 29 µs instead of 5 (in a loop, with what collecting them costs).
  const key = createSecretKey(secret);
  return (name) => uuidOf(createHmac('sha256', key).update(name).digest('hex'), '8');
}

/** The name of the system's own command, as ids are derived from it: the same cause acts once. */
export function commandName(name: string): string {
  return `command/${name}`;
}

/**
 * The UUID that a public name has on every machine, as version 5 but by SHA-256. For what may be guessed: handles of merchants, and the
 * demonstration's history. Never for what only the system may name.
 */
export function uuidOfName(name: string): string {
  return uuidOf(hash('sha256', name, 'hex'), '5');
}

function uuidOf(digest: string, version: '5' | '8'): string {
  const variant = ((Number.parseInt(digest.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-${version}${digest.slice(13, 16)}-${variant}${digest.slice(18, 20)}-${digest.slice(20, 32)}`;
}

/**
 * Whether a caller may choose this UUID: the versions 1 to 7 of RFC 9562. Version 8 is for what the system derives itself;
 * integrators who derive ids from keys of their own have version 5.
 */
export function isCallersUuid(uuid: string): boolean {
  return CALLERS_UUID.test(uuid);
}

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** `formatId('order', uuid)` → `ord_…` */
export function formatId(kind: IdKind, uuid: string): string {
  return `${ID_PREFIXES[kind]}_${uuid}`;
}

/** The UUID inside a public id, or undefined where the text is no id of that kind. */
export function parseId(kind: IdKind, text: string): string | undefined {
  const prefix = ID_PREFIXES[kind];
  if (!text.startsWith(`${prefix}_`)) return undefined;
  const uuid = text.slice(prefix.length + 1).toLowerCase();
  return isUuid(uuid) ? uuid : undefined;
}

/** The shard of an id (public or bare), by its last eight digits. */
export function shardOf(subject: string, shardCount: number): number {
  return shardCount === 1 ? 0 : Number.parseInt(subject.slice(-8), 16) % shardCount;
}

const ENDS_LIKE_AN_ID = /[0-9a-f]{8}$/i;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The shard of an id, or of any other text such as a symbol, which is hashed (FNV-1a, 32 bits). The same in every version: orders carry it. */
export function shardOfText(text: string, shardCount: number): number {
  if (shardCount === 1 || ENDS_LIKE_AN_ID.test(text)) return shardOf(text, shardCount);
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return (hash >>> 0) % shardCount;
}
