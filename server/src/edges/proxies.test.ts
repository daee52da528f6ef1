import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { createLog } from '../ops/log.ts';
import { clientAddressOf, createProxyTrust, hostOf } from './proxies.ts';
import { createHttpServer } from './rest/index.ts';

/** The address by which a request is counted that comes from `remoteAddress` with this `X-Forwarded-For`. */
async function counted(proxies: readonly string[], remoteAddress: string, forwardedFor?: string): Promise<string> {
  const app = createHttpServer({ log: createLog('silent'), trustProxy: createProxyTrust(proxies) });
  app.get('/', (request, reply) => reply.send(clientAddressOf(request)));
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  const answer = await app.inject({ url: '/', remoteAddress, headers });
  await app.close();
  return answer.body;
}

describe('the address that a client is counted by', () => {
  const proxies = ['127.0.0.1', '::1', '10.0.0.0/8'];

  it.each([
    ['its own, where nobody is trusted', [], '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['its own, where it is no trusted proxy', proxies, '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['what a trusted proxy tells', proxies, '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['what a trusted proxy tells over IPv6', proxies, '::ffff:10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['the last that no proxy is', proxies, '127.0.0.1', '1.1.1.1, 198.51.100.1, 10.0.0.9', '198.51.100.1'],
    ['loopback, where nothing is told', proxies, '127.0.0.1', undefined, '127.0.0.1'],
    ['not loopback, where that is only told', proxies, '127.0.0.1', '127.0.0.1', 'forwarded loopback'],
    ['not loopback, where that is told at the end of a chain', proxies, '10.0.0.1', '::1', 'forwarded loopback'],
  ])('is %s', async (_what, trusted, remoteAddress, forwardedFor, address) => {
    expect(await counted(trusted, remoteAddress, forwardedFor)).toBe(address);
  });
});

describe('the host that a client asked for', () => {
  const request = (remoteAddress: string | undefined, forwarded?: string): IncomingMessage =>
    ({
      headers: { host: 'inside:3000', ...(forwarded !== undefined && { 'x-forwarded-host': forwarded }) },
      socket: { remoteAddress },
    }) as unknown as IncomingMessage;
  const trusts = createProxyTrust(['10.0.0.0/8']);

  it('is what a trusted proxy says, and nobody else', () => {
    expect(hostOf(request('10.0.0.1', 'evil.example, app.example'), trusts)).toBe('app.example');
    expect(hostOf(request('10.0.0.1'), trusts)).toBe('inside:3000');
    expect(hostOf(request('203.0.113.7', 'evil.example'), trusts)).toBe('inside:3000');
    expect(hostOf(request(undefined, 'evil.example'), trusts)).toBe('inside:3000');
    expect(hostOf(request('10.0.0.1', 'evil.example'), undefined)).toBe('inside:3000');
  });
});

describe('a proxy that nobody has named', () => {
  /** What is logged about requests from these addresses, each with these headers. */
  async function warnings(
    proxies: readonly string[],
    requests: readonly (readonly [address: string, headers: Record<string, string>])[],
  ): Promise<{ level: number; address: string; msg: string }[]> {
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
    const app = createHttpServer({ log, trustProxy: createProxyTrust(proxies) });
    app.get('/', (_request, reply) => reply.send(''));
    for (const [remoteAddress, headers] of requests) await app.inject({ url: '/', remoteAddress, headers });
    await app.close();
    return lines.map((line) => JSON.parse(line));
  }
  const forwarded = { 'x-forwarded-for': '198.51.100.1' };

  it('is told of in the log, once, with what to set', async () => {
    const told = await warnings(
      [],
      [
        ['10.0.0.1', {}],
        ['10.0.0.2', forwarded],
        ['10.0.0.3', forwarded],
      ],
    );
    expect(told).toMatchObject([
      { level: 40, address: '10.0.0.2', msg: expect.stringContaining('set --trust-proxy (MILLRACE_TRUST_PROXY) to') },
    ]);
  });

  it('is one that speaks the newer header, and one beside those that are named', async () => {
    expect(await warnings([], [['10.0.0.2', { forwarded: 'for=198.51.100.1' }]])).toHaveLength(1);
    expect(await warnings(['10.0.0.1'], [['10.0.0.2', forwarded]])).toMatchObject([{ address: '10.0.0.2' }]);
  });

  it('is none where nothing is forwarded, or who forwards is named', async () => {
    expect(await warnings([], [['10.0.0.2', {}]])).toEqual([]);
    expect(await warnings(['10.0.0.0/8'], [['10.0.0.2', forwarded]])).toEqual([]);
  });
});
