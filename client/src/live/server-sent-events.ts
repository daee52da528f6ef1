import { MillraceError } from '../error.ts';

/** An event is a few kilobytes; a server that sends a line of this length is none of ours. */
const BUFFER_LENGTH_MAX = 4 * 1024 * 1024;

export interface ServerSentEvent {
  event: string;
  data: string;
}

/**
 * Reads server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream) until
 * the stream ends. Ids and `retry` are left out: a reader that follows a value needs neither.
 *
 * @throws MillraceError `unexpected_answer` for a line without end.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  heard: () => void = () => undefined,
): AsyncGenerator<ServerSentEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let buffer = '';
  let event = '';
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      buffer += decoder.decode(value, { stream: true });
      // A carriage return at the end may be half of a line's end.
      const lines = buffer.split(/\r\n|\n|\r(?!$)/);
      buffer = lines.pop() as string;
      if (buffer.length > BUFFER_LENGTH_MAX)
        throw new MillraceError({ code: 'unexpected_answer', detail: 'a line of the stream does not end' });
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) yield { event: event || 'message', data: data.join('\n') };
          event = '';
          data = [];
          continue;
        }
        const [name, text] = fieldOf(line);
        if (name === 'event') event = text;
        if (name === 'data') data.push(text);
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** A comment has an empty name. */
function fieldOf(line: string): [name: string, text: string] {
  const colon = line.indexOf(':');
  if (colon === -1) return [line, ''];
  const text = line.slice(colon + 1);
  return [line.slice(0, colon), text.startsWith(' ') ? text.slice(1) : text];
}
