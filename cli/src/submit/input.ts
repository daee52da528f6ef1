import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { CliFailure } from '../failure.ts';

export interface Input {
  chunks: AsyncIterable<Buffer>;
  /** How much was read, 0 to 1; undefined where nobody knows how much there is. */
  fraction(): number | undefined;
  /** Whether it can be read again from the start. */
  resumable: boolean;
}

const CHUNK_BYTES = 256 * 1024;

/** A file, or standard input where there is no path. */
export function openInput(path: string | undefined): Input {
  if (path === undefined)
    return { chunks: process.stdin as AsyncIterable<Buffer>, fraction: () => undefined, resumable: false };
  const size = sizeOf(path);
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  return {
    chunks: stream as AsyncIterable<Buffer>,
    fraction: () => (size === 0 ? 1 : stream.bytesRead / size),
    resumable: true,
  };
}

function sizeOf(path: string): number {
  try {
    const stats = statSync(path);
    if (!stats.isFile())
      throw new CliFailure('usage', `${path} is no file`, { hint: 'For a pipe, give - and redirect it.' });
    return stats.size;
  } catch (cause) {
    if (cause instanceof CliFailure) throw cause;
    throw new CliFailure('usage', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** SHA-256 of the content, in hex. Reads at the speed of the disk. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: CHUNK_BYTES }), hash);
  return hash.digest('hex');
}

/** A line's text, or why it cannot be read. Numbers start at 1, as editors count. */
export type Line = { line: number; text: string } | { line: number; fault: string };

/** A longer line is a fault: an order takes a few hundred bytes, and memory must not grow with what is sent. */
export const LINE_BYTES_MAX = 64 * 1024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NUL = '\u0000';

/**
 * Cuts a stream into lines, holding one line and one chunk at a time. Blank lines are kept: they count. A line ends with LF, CR LF, or
 * CR alone, as old Macs had it and Excel still offers.
 *
 * @throws CliFailure where the text is in UTF-16 or UTF-32, of which no line could be read.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let line = 1;
  let parts: Buffer[] = [];
  let size = 0;

  const finish = (): Line => {
    const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    const tooLong = size > LINE_BYTES_MAX;
    parts = [];
    size = 0;
    const number = line;
    line += 1;
    if (tooLong) return { line: number, fault: `the line is longer than ${LINE_BYTES_MAX} bytes` };
    try {
      return lineOf(decoder.decode(bytes), number);
    } catch {
      return { line: number, fault: 'the line is not valid UTF-8' };
    }
  };
  const keep = (part: Buffer): void => {
    size += part.length;
    if (size <= LINE_BYTES_MAX) parts.push(part);
    else parts = [];
  };

  // A CR LF may be cut in two by the end of a chunk.
  let isAfterReturn = false;
  for await (const chunk of withKnownEncoding(chunks)) {
    let start: number = isAfterReturn && chunk[0] === LINE_FEED ? 1 : 0;
    isAfterReturn = false;
    for (const { at, next } of lineEnds(chunk, start)) {
      keep(chunk.subarray(start, at));
      yield finish();
      start = next;
      isAfterReturn = next === chunk.length && chunk[at] === CARRIAGE_RETURN && next === at + 1;
    }
    if (start < chunk.length) keep(chunk.subarray(start));
  }
  if (size > 0) yield finish();
}

interface LineEnd {
  at: number;
  next: number;
}

/** Where lines end, and where what follows them begins. */
function* lineEnds(chunk: Buffer, from: number): Generator<LineEnd> {
  let feed = chunk.indexOf(LINE_FEED, from);
  let carriage = chunk.indexOf(CARRIAGE_RETURN, from);
  while (feed !== -1 || carriage !== -1) {
    const isFeed = carriage === -1 || (feed !== -1 && feed < carriage);
    const at = isFeed ? feed : carriage;
    const next = !isFeed && feed === carriage + 1 ? at + 2 : at + 1;
    yield { at, next };
    if (feed !== -1 && feed < next) feed = chunk.indexOf(LINE_FEED, next);
    if (carriage !== -1 && carriage < next) carriage = chunk.indexOf(CARRIAGE_RETURN, next);
  }
}

/** Without the byte order mark of some spreadsheets. */
function lineOf(text: string, line: number): Line {
  if (text.includes(NUL)) return { line, fault: 'the line has a NUL character (U+0000), which no text has' };
  return { line, text: line === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text };
}

/** Enough to tell an encoding by. */
const BEGINNING_BYTES = 4;

async function* withKnownEncoding(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let beginning: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (beginning === undefined) {
      yield chunk;
      continue;
    }
    const all: Buffer = beginning.length === 0 ? chunk : Buffer.concat([beginning, chunk]);
    if (all.length < BEGINNING_BYTES) {
      beginning = all;
      continue;
    }
    beginning = undefined;
    refuseWide(all);
    yield all;
  }
  if (beginning !== undefined && beginning.length > 0) yield beginning;
}

/** By its mark, or because every other byte of it is zero. */
function refuseWide(beginning: Buffer): void {
  const [one, two, three, four] = beginning;
  const isMarked = (one === 0xff && two === 0xfe) || (one === 0xfe && two === 0xff);
  const isWide = (one === 0 && three === 0 && two !== 0) || (two === 0 && four === 0 && one !== 0);
  const isWider = one === 0 && two === 0 && three === 0xfe && four === 0xff;
  if (!isMarked && !isWide && !isWider) return;
  throw new CliFailure('usage', 'the text is in UTF-16 or UTF-32, and UTF-8 is needed', {
    hint: 'Save it as UTF-8 (“CSV UTF-8” in Excel), or convert it: iconv -f UTF-16 -t UTF-8 FILE.',
  });
}
