import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
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
