import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { forwardedAddress } from '../intake/identity/index.ts';

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

/** The host that the client asked for, by the rule of fastify's `request.host`. */
export function hostOf({ headers, socket }: IncomingMessage, trusts: ProxyTrust | undefined): string {
  const forwarded = headers['x-forwarded-host'];
  if (forwarded !== undefined && trusts?.(socket.remoteAddress ?? ''))
    return String(forwarded).split(',').at(-1)?.trim() ?? '';
  return headers.host ?? '';
}
