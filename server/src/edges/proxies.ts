import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { all as proxyAddresses } from '@fastify/proxy-addr';
import { addressKey, forwardedAddress, LOOPBACK } from '../intake/identity/index.ts';

/** Whether what connects from this address may say who its client is (`X-Forwarded-For`, `-Proto`, `-Host`). */
export type ProxyTrust = (address: string) => boolean;

/**
 * Trusts these addresses and networks (`10.0.0.0/8`), which are valid; undefined where there are none. There is no way to
 * trust everybody: then each client could choose its address, and with it the limits that it is counted by.
 */
export function createProxyTrust(proxies: readonly string[]): ProxyTrust | undefined {
  if (proxies.length === 0) return undefined;
  const trusted = new BlockList();
  for (const proxy of proxies) {
    const [address = '', prefix] = proxy.split('/');
    const family = familyOf(address);
    if (prefix === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(prefix), family);
  }
  return (address) => isIP(address) !== 0 && trusted.check(address, familyOf(address));
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** The address that a request's client is counted by. */
export function clientAddressOf({ ip, ips }: Pick<FastifyRequest, 'ip' | 'ips'>): string {
  return ips !== undefined && ips.length > 1 ? forwardedAddress(ip) : ip;
}

/** Whether a request comes from a program of this machine, and from nobody for whom a proxy on it speaks. */
export function isFromThisMachine({ headers, socket }: IncomingMessage): boolean {
  return (
    addressKey(socket.remoteAddress ?? '') === LOOPBACK &&
    headers.forwarded === undefined &&
    headers['x-forwarded-for'] === undefined
  );
}

/** The address that an upgrade's client is counted by, by the rule of fastify's `request.ip`. */
export function addressOf(request: IncomingMessage, trusts: ProxyTrust | undefined): string {
  const told = proxyAddresses(request, trusts ?? (() => false));
  const last = told.at(-1) ?? '';
  return told.length > 1 ? forwardedAddress(last) : last;
}

/** The host that the client asked for, by the rule of fastify's `request.host`. */
export function hostOf({ headers, socket }: IncomingMessage, trusts: ProxyTrust | undefined): string {
  const forwarded = headers['x-forwarded-host'];
  if (forwarded !== undefined && trusts?.(socket.remoteAddress ?? ''))
    return String(forwarded).split(',').at(-1)?.trim() ?? '';
  return headers.host ?? '';
}

/**
 * Looks at each request for a proxy that nobody has named, and says so in the log, once: callers who come through one are counted by
 * its address, together with everybody else. Any client can send the header, so that the words do not claim more than was seen.
 */
export function createProxyWarning(
  trusts: ProxyTrust | undefined,
  log: Pick<Logger, 'warn'>,
): (request: IncomingMessage) => void {
  let isTold = false;
  return ({ headers, socket }) => {
    if (isTold || (headers['x-forwarded-for'] === undefined && headers.forwarded === undefined)) return;
    const address = socket.remoteAddress ?? '';
    if (trusts?.(address)) return;
    isTold = true;
    log.warn(
      { address },
      'a request came with X-Forwarded-For or Forwarded from an address that --trust-proxy does not name: if that is your proxy, ' +
        'all who come through it count as one address, in every limit and lock-out; set --trust-proxy (MILLRACE_TRUST_PROXY) ' +
        'to the addresses of your proxies. This is said once.',
    );
  };
}
