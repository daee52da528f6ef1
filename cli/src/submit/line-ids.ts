import { createHash } from 'node:crypto';

/**
 * What makes a run the same run: the user, and either a name that the caller gave it or the file (its name and content).
 * The same run gives the same line the same id, so that a run that is repeated acts once.
 */
export type RunIdentity = { userId: string } & ({ runId: string } | { fileName: string; contentHash: string });

/** 32 bytes that stand for the run. */
export function runKeyOf(identity: RunIdentity): Buffer {
  const parts = 'runId' in identity ? ['run', identity.runId] : ['file', identity.fileName, identity.contentHash];
  return createHash('sha256')
    .update(JSON.stringify(['millrace orders submit', identity.userId, ...parts]))
    .digest();
}

/** What the id has room for: 34 bits. */
const LINE_MAX = 2 ** 34 - 1;

/**
 * The id of a line's order: a UUID of version 5 (made from a name; version 8 is the server's own) with 88 bits of
 * the run's key around the line's number. The number stands
 * before the rest, so that the ids of a run grow with its lines and the server's index grows at one place, as it does
 * with ids that are ordered by time.
 */
export function orderIdOf(runKey: Buffer, line: number): string {
  if (!Number.isSafeInteger(line) || line < 1 || line > LINE_MAX) throw new RangeError(`no id for line ${line}`);
  const bytes = Buffer.alloc(16);
  runKey.copy(bytes, 0, 0, 6);
  const low = line % 2 ** 22;
  bytes.writeUInt16BE(0x5000 | Math.floor(line / 2 ** 22), 6);
  bytes.writeUInt8(0x80 | (low >>> 16), 8);
  bytes.writeUInt16BE(low & 0xffff, 9);
  runKey.copy(bytes, 11, 6, 11);
  const hex = bytes.toString('hex');
  return `ord_${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
