import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';

export interface ClientFrame {
  op: string;
  ref?: string;
  channel?: string;
  after?: string;
  order?: Record<string, unknown>;
}

export interface StreamServer {
  url: string;
  /** Adds events `1…n` to the log of every channel and sends them to all followers. */
  emit(count: number): void;
  /** Tells all followers of a channel that it has ended. */
  end(channel: string): void;
  /** What came in, over all connections. */
  frames: ClientFrame[];
  connections: number;
  /** Cuts every connection, without a word. */
  cut(): void;
  /** Answers a frame instead of the server; true: it did. */
  intercept: (frame: ClientFrame, socket: WebSocket) => boolean;
}

/** A stand-in for `/v1/stream` that keeps a log of numbered events. The real one is met in the integration tests. */
export async function startStreamServer(): Promise<StreamServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const follows = new Map<WebSocket, Set<string>>();
  let last = 0;
  const event = (channel: string, seq: number): string =>
    JSON.stringify({
      op: 'event',
      channel,
      cursor: `0-${seq}`,
      event: { id: `0-${seq}`, type: 'loan_progress', data: { seq } },
    });

  const self: StreamServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    frames: [],
    connections: 0,
    intercept: () => false,
    emit(count) {
      for (let i = 0; i < count; i += 1) {
        last += 1;
        for (const [socket, channels] of follows) for (const channel of channels) socket.send(event(channel, last));
      }
    },
    end(channel) {
      for (const [socket, channels] of follows)
        if (channels.delete(channel)) socket.send(JSON.stringify({ op: 'ended', channel, cursor: `0-${last}` }));
    },
    cut: () => {
      for (const socket of server.clients) socket.terminate();
    },
  };

  server.on('connection', (socket) => {
    self.connections += 1;
    const channels = new Set<string>();
    follows.set(socket, channels);
    socket.on('close', () => follows.delete(socket));
    socket.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as ClientFrame;
      self.frames.push(frame);
      if (self.intercept(frame, socket)) return;
      const { op, channel = '', ref, after } = frame;
      if (op === 'subscribe') {
        const from = after === undefined ? last : Number(after.slice(2));
        socket.send(JSON.stringify({ op: 'subscribed', channel, cursor: `0-${from}`, ref }));
        for (let seq = from + 1; seq <= last; seq += 1) socket.send(event(channel, seq));
        channels.add(channel);
      }
      if (op === 'unsubscribe') channels.delete(channel);
      if (op === 'ping') socket.send('{"op":"pong"}');
      if (op === 'order')
        socket.send(JSON.stringify({ op: 'result', ref, order: { ...frame.order, status: 'completed' } }));
    });
  });
  onTestFinished(() => {
    self.cut();
    server.close();
  });
  return self;
}
