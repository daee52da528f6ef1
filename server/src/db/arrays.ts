/**
 * Array parameters in PostgreSQL's own forms, built in one pass. pg's generic serialization inspects each element; over a
 * batch's columns that was the largest single cost of a write on the client's side. What is long or slow to parse goes in
 * binary (`array_recv`): reading the text of a UUID costs the server 0.9 µs, its bytes 0.05, and an order has fifteen.
 */

// pg_type.oid: the server compares them with the parameter's declared type.
const UUID = 2950;
const INT8 = 20;
const TEXT = 25;
const JSON_TYPE = 114;
const TIMESTAMPTZ = 1184;
const NUMERIC = 1700;

const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;

/** One dimension, subscripts from 1. The flag about NULLs is only a hint, and the server does not use it. */
function writeHeader(buffer: Buffer, type: number, count: number): number {
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(type, 8);
  buffer.writeInt32BE(count, 12);
  buffer.writeInt32BE(1, 16);
  return HEADER_BYTES;
}

function writeLength(buffer: Buffer, at: number, length: number): number {
  buffer[at] = length >>> 24;
  buffer[at + 1] = length >>> 16;
  buffer[at + 2] = length >>> 8;
  buffer[at + 3] = length;
  return at + LENGTH_BYTES;
}

const NULL_LENGTH = -1;

/** An array of elements of one width; `write` puts one element at its place. */
function fixedWidth<T>(
  type: number,
  width: number,
  values: readonly (T | null)[],
  write: (buffer: Buffer, at: number, value: T) => void,
): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + values.length * (LENGTH_BYTES + width));
  let at = writeHeader(buffer, type, values.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as T | null;
    if (value === null) {
      at = writeLength(buffer, at, NULL_LENGTH);
    } else {
      at = writeLength(buffer, at, width);
      write(buffer, at, value);
      at += width;
    }
  }
  return at === buffer.length ? buffer : buffer.subarray(0, at);
}

const UUID_LENGTH = 36;
/** Where the two digits of each byte begin in the text. */
const DIGITS_AT = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const NO_DIGIT = 0x100;
const DIGIT = new Uint16Array(0x80).fill(NO_DIGIT);
for (let digit = 0; digit < 16; digit += 1) {
  DIGIT[digit.toString(16).charCodeAt(0)] = digit;
  DIGIT[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

function writeUuid(buffer: Buffer, at: number, text: string): void {
  let seen = text.length === UUID_LENGTH ? 0 : NO_DIGIT;
  for (let i = 0; i < 16; i += 1) {
    const from = DIGITS_AT[i] as number;
    const byte = ((DIGIT[text.charCodeAt(from)] ?? NO_DIGIT) << 4) | (DIGIT[text.charCodeAt(from + 1)] ?? NO_DIGIT);
    seen |= byte;
    buffer[at + i] = byte;
  }
  if (seen >= NO_DIGIT) throw new TypeError(`"${text}" is no UUID`);
}

const EPOCH_2000_MS = Date.UTC(2000, 0, 1);

/** @throws TypeError where a value is no UUID in its usual form. */
export function uuidArray(values: readonly (string | null)[]): Buffer {
  return fixedWidth(UUID, 16, values, writeUuid);
}

/** @throws RangeError beyond 64 bits. */
export function bigintArray(values: readonly (bigint | null)[]): Buffer {
  return fixedWidth(INT8, 8, values, (buffer, at, value) => buffer.writeBigInt64BE(value, at));
}

const TWO_TO_32 = 2 ** 32;

/** Whole numbers that JavaScript holds exactly, such as sequences and counts, as `bigint[]`. */
export function integerArray(values: readonly (number | null)[]): Buffer {
  return fixedWidth(INT8, 8, values, (buffer, at, value) => {
    buffer.writeInt32BE(Math.floor(value / TWO_TO_32), at);
    buffer.writeUInt32BE(value >>> 0, at + 4);
  });
}

const NUMERIC_HEADER_BYTES = 8;
const NUMERIC_NEGATIVE = 0x4000;
/** A digit of PostgreSQL's numeric is four decimal ones. */
const NUMERIC_BASE = 10_000;
/** Ten are 40 decimal digits: more than any balance has. */
const NUMERIC_DIGITS_MAX = 10;
const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const digits = new Uint16Array(NUMERIC_DIGITS_MAX);

/** Splits an amount, the last digit first; nearly all of them as numbers, which costs a tenth. */
function splitDigits(amount: bigint): number {
  let count = 0;
  let wide = amount;
  for (; wide > SAFE; wide /= 10_000n) {
    if (count === NUMERIC_DIGITS_MAX) throw new RangeError(`${amount} is longer than a balance can be`);
    digits[count++] = Number(wide % 10_000n);
  }
  for (let rest = Number(wide); rest > 0; rest = Math.floor(rest / NUMERIC_BASE)) {
    if (count === NUMERIC_DIGITS_MAX) throw new RangeError(`${amount} is longer than a balance can be`);
    digits[count++] = rest % NUMERIC_BASE;
  }
  return count;
}

/**
 * Whole numbers as `numeric[]`, for what 64 bits cannot hold.
 *
 * @throws RangeError beyond 40 digits.
 */
export function numericArray(values: readonly bigint[]): Buffer {
  const elementMax = LENGTH_BYTES + NUMERIC_HEADER_BYTES + 2 * NUMERIC_DIGITS_MAX;
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + values.length * elementMax);
  let at = writeHeader(buffer, NUMERIC, values.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as bigint;
    const count = splitDigits(value < 0n ? -value : value);
    at = writeLength(buffer, at, NUMERIC_HEADER_BYTES + 2 * count);
    buffer.writeInt16BE(count, at);
    // The weight of the first digit: 10,000 to the power of this.
    buffer.writeInt16BE(count - 1, at + 2);
    buffer.writeInt16BE(value < 0n ? NUMERIC_NEGATIVE : 0, at + 4);
    // No digit behind the point.
    buffer.writeInt16BE(0, at + 6);
    at += NUMERIC_HEADER_BYTES;
    for (let digit = count - 1; digit >= 0; digit -= 1) at = buffer.writeUInt16BE(digits[digit] as number, at);
  }
  return buffer.subarray(0, at);
}

/**
 * Of times as RFC 3339 texts, or in milliseconds since 1970. Those of one batch are mostly the same, which is read once.
 *
 * @throws RangeError where a text is no time.
 */
export function timestampArray(values: readonly (string | number | null)[]): Buffer {
  let last: string | number | undefined;
  let microseconds = 0n;
  return fixedWidth(TIMESTAMPTZ, 8, values, (buffer, at, time) => {
    if (time !== last) {
      const ms = typeof time === 'number' ? time : Date.parse(time);
      microseconds = BigInt(ms - EPOCH_2000_MS) * 1_000n;
      last = time;
    }
    buffer.writeBigInt64BE(microseconds, at);
  });
}

function texts(type: number, values: readonly (string | null)[]): Buffer {
  let size = HEADER_BYTES + values.length * LENGTH_BYTES;
  for (let i = 0; i < values.length; i += 1) size += Buffer.byteLength(values[i] ?? '');
  const buffer = Buffer.allocUnsafe(size);
  let at = writeHeader(buffer, type, values.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as string | null;
    if (value === null) {
      at = writeLength(buffer, at, NULL_LENGTH);
    } else {
      const length = buffer.write(value, at + LENGTH_BYTES);
      writeLength(buffer, at, length);
      at += LENGTH_BYTES + length;
    }
  }
  return buffer;
}

/** For any text, as `text[]`. */
export function textArray(values: readonly (string | null)[]): Buffer {
  return texts(TEXT, values);
}

/** Of JSON texts, as `json[]`. */
export function jsonArray(values: readonly (string | null)[]): Buffer {
  return texts(JSON_TYPE, values);
}

/** In the text form, for any type: values whose text needs no quoting, such as fixed words, small numbers and dates. */
export function plainArray(values: readonly (string | number | bigint | boolean | null)[]): string {
  let text = '{';
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (i > 0) text += ',';
    text += value === null ? 'NULL' : value;
  }
  return `${text}}`;
}

export function booleanArray(values: readonly boolean[]): string {
  return plainArray(values.map((value) => (value ? 't' : 'f')));
}
