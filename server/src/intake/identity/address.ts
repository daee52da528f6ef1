import { isIPv6 } from 'node:net';

/** All of this machine's own addresses count as one. */
export const LOOPBACK = 'loopback';

const ADDRESS_LENGTH_MAX = 64;
const MAPPED = /^(?:::ffff:)(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * What an address is counted by: an IPv4 address itself; of an IPv6 address its /64, which is what one customer gets
 * and could otherwise change with every request; loopback as one.
 */
export function addressKey(address: string): string {
  const plain = MAPPED.exec(address)?.[1] ?? address.slice(0, ADDRESS_LENGTH_MAX);
  if (plain.startsWith('127.') || plain === '::1') return LOOPBACK;
  return isIPv6(plain) ? networkOf(plain) : plain;
}

/**
 * An address that a proxy told. Loopback is not this machine then, but what the proxy let a client say: it is counted as
 * any other address, and not by loopback's limits.
 */
export function forwardedAddress(address: string): string {
  return addressKey(address) === LOOPBACK ? `forwarded ${LOOPBACK}` : address;
}

/** `2001:db8::1` → `2001:db8:0:0::/64` */
function networkOf(address: string): string {
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  // An embedded IPv4 address (`::1.2.3.4`) stands for two groups; it is always at the end, past the first four.
  const rightLength = right.length + (right.at(-1)?.includes('.') ? 1 : 0);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - rightLength);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
