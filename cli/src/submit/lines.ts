/** A line's text, or why it cannot be read. Numbers start at 1, as editors count. */
export type Line = { line: number; text: string } | { line: number; fault: string };

/** A longer line is a fault: an order takes a few hundred bytes, and memory must not grow with what somebody sends. */
export const LINE_BYTES_MAX = 64 * 1024;

const LINE_FEED = 0x0a;

/** Cuts a stream into lines, holding one line and one chunk at a time. Blank lines are kept: they count. */
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
      return { line: number, text: tidy(decoder.decode(bytes), number) };
    } catch {
      return { line: number, fault: 'the line is not valid UTF-8' };
    }
  };
  const keep = (part: Buffer): void => {
    size += part.length;
    if (size <= LINE_BYTES_MAX) parts.push(part);
    else parts = [];
  };

  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      keep(chunk.subarray(start, end));
      yield finish();
      start = end + 1;
    }
    if (start < chunk.length) keep(chunk.subarray(start));
  }
  if (size > 0) yield finish();
}

/** Without the carriage return of Windows, and without the byte order mark of some spreadsheets. */
function tidy(text: string, line: number): string {
  const end = text.endsWith('\r') ? -1 : text.length;
  return text.slice(line === 1 && text.startsWith('\uFEFF') ? 1 : 0, end);
}
