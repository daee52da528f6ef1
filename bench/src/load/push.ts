import { WebSocket } from 'ws';
import { Latencies } from './loops.ts';

/**
 * Listens on each person's own channel. The server tells the socket after the commit, as it does the one who waits for the
 * reply, so that the time from the reply's arrival to the event's is what the socket's user waits longer (0 where the event
 * was first).
 */
export class PushListener {
  readonly latencies = new Latencies();
  private readonly sockets: WebSocket[] = [];
  private readonly replied = new Map<string, number>();
  private readonly told = new Map<string, number>();

  async open(port: number, tokens: readonly string[]): Promise<void> {
    await Promise.all(tokens.map((token) => this.connect(port, token)));
  }

  /** The reply for an order has come. */
  reply(orderId: string, at: number): void {
    const told = this.told.get(orderId);
    if (told === undefined) this.replied.set(orderId, at);
    else this.settle(orderId, at, told);
  }

  /** Orders whose event never came. */
  get missing(): number {
    return this.replied.size;
  }

  close(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  private settle(orderId: string, replied: number, told: number): void {
    this.latencies.add(Math.max(0, told - replied));
    this.replied.delete(orderId);
    this.told.delete(orderId);
  }

  private connect(port: number, token: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/stream?token=${token}`);
      this.sockets.push(socket);
      socket.once('error', reject);
      socket.once('open', () => socket.send('{"op":"subscribe","channel":"me"}'));
      socket.on('message', (data) => {
        const now = performance.now();
        const frame = JSON.parse((data as Buffer).toString()) as {
          op: string;
          event?: { type: string; data: { order_id: string } };
        };
        if (frame.op === 'subscribed') resolve();
        if (frame.op !== 'event' || frame.event?.type !== 'order_processed') return;
        const orderId = frame.event.data.order_id;
        const replied = this.replied.get(orderId);
        if (replied === undefined) this.told.set(orderId, now);
        else this.settle(orderId, replied, now);
      });
    });
  }
}
