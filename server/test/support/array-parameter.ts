const TIMESTAMPTZ = 1184;
const INT8 = 20;
const UUID = 2950;
const NUMERIC = 1700;

/** The elements of an array parameter as the server would print them, from either of the forms of `db/arrays.ts`. */
export function elementsOf(parameter: unknown): (string | null)[] {
  if (typeof parameter === 'string') {
    const inner = parameter.slice(1, -1);
    return inner === '' ? [] : inner.split(',').map((text) => (text === 'NULL' ? null : text));
  }
  const buffer = parameter as Buffer;
  const type = buffer.readInt32BE(8);
  const elements: (string | null)[] = [];
  for (let at = 20; at < buffer.length; ) {
    const length = buffer.readInt32BE(at);
    at += 4;
    elements.push(length < 0 ? null : textOf(type, buffer.subarray(at, at + length)));
    at += Math.max(0, length);
  }
  return elements;
}

function textOf(type: number, bytes: Buffer): string {
  if (type === UUID) return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  if (type === INT8) return bytes.readBigInt64BE().toString();
  if (type === NUMERIC) return wholeNumberOf(bytes);
  if (type === TIMESTAMPTZ)
    return new Date(Number(bytes.readBigInt64BE() / 1_000n) + Date.UTC(2000, 0, 1)).toISOString();
  return bytes.toString();
}

/** A numeric without digits behind the point: count, weight, sign, scale, and digits of four decimal ones each. */
function wholeNumberOf(bytes: Buffer): string {
  let number = 0n;
  for (let digit = 0; digit < bytes.readInt16BE(0); digit += 1)
    number = number * 10_000n + BigInt(bytes.readUInt16BE(8 + 2 * digit));
  return String(bytes.readUInt16BE(4) === 0 ? number : -number);
}
