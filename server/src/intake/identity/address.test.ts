import { expect, it } from 'vitest';
import { addressKey, forwardedAddress } from './address.ts';

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8::5:6:7:8', '2001:db8:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
  ['1:2:3:4:5:6:192.0.2.33', '1:2:3:4::/64'],
  ['127.0.0.1', 'loopback'],
  ['127.9.9.9', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['', ''],
])('counts %s as %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['127.0.0.1', 'forwarded loopback'],
  ['::ffff:127.0.0.1', 'forwarded loopback'],
])('counts %s as %s where a proxy told it', (address, key) => {
  expect(addressKey(forwardedAddress(address))).toBe(key);
});

it('keeps no more of a text that is no address than an address can have', () => {
  expect(addressKey('x'.repeat(1_000_000))).toHaveLength(64);
});
