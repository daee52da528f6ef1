import { type IncomingMessage, request } from 'node:http';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/** A reader of server-sent events: what came, as `event: data`, and whether the stream has ended. */
export interface EventReader {
  status: number;
  events: { event: string; data: string }[];
  isEnded(): boolean;
  /** Resolves when so many events are there, or the stream has ended. */
  atLeast(count: number): Promise<{ event: string; data: string }[]>;
  close(): void;
}

export async function readStream(url: string, token?: string): Promise<EventReader> {
  const asked = request(url, {
    agent: false,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const events: EventReader['events'] = [];
  let text = '';
  const state = { isEnded: false };
  response.on('error', () => undefined);
  response.once('close', () => (state.isEnded = true));
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop() as string;
    for (const block of blocks) {
      const match = /^event: (.*)\ndata: (.*)$/m.exec(block);
      if (match) events.push({ event: match[1] as string, data: match[2] as string });
    }
  });
  return {
    status: response.statusCode ?? 0,
    events,
    isEnded: () => state.isEnded,
    async atLeast(count) {
      while (events.length < count && !state.isEnded) await pause(2);
      return events;
    },
    close: () => void asked.destroy(),
  };
}
