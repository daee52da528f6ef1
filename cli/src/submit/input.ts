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
