import { expect, test } from 'vitest';
import { isSigned, isTimely, keyOfSecret, type SignedMessage } from './signature.ts';

/** The example of the Standard Webhooks specification's libraries. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const MESSAGE: SignedMessage = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: '1614265330',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  body: Buffer.from('{"test": 2432232314}'),
};
const OTHER = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const RIGHT = MESSAGE.signature;

test('the specification’s own example is signed', () => {
  expect(isSigned(MESSAGE, [SECRET])).toBe(true);
  expect(isSigned(MESSAGE, [OTHER, SECRET])).toBe(true);
});

test.each<[string, Partial<SignedMessage>]>([
  ['another id', { id: 'msg_p5jXN8AQM9LWM0D4loKWxJel' }],
  ['another time', { timestamp: '1614265331' }],
  ['the same JSON in other bytes', { body: Buffer.from('{"test":2432232314}') }],
  ['one bit of the body', { body: Buffer.from('{"test": 2432232315}') }],
  ['a byte that is no UTF-8', { body: Buffer.from([...MESSAGE.body, 0xff]) }],
  ['a part of the signature', { signature: RIGHT.slice(0, -4) }],
  ['more than the signature', { signature: `${RIGHT}AAAA` }],
  ['another version', { signature: RIGHT.replace('v1,', 'v1a,') }],
  ['no version', { signature: RIGHT.slice(3) }],
  ['none', { signature: '' }],
  ['an empty one', { signature: 'v1,' }],
  ['letters of no base64', { signature: 'v1,é€'.repeat(20) }],
])('not with %s', (_, change) => {
  expect(isSigned({ ...MESSAGE, ...change }, [SECRET])).toBe(false);
});

test('one of several signatures is enough, and one of two secrets; none is not', () => {
  const wrong = `v1,${Buffer.alloc(32).toString('base64')}`;
  expect(isSigned({ ...MESSAGE, signature: `${wrong} v2,abc ${RIGHT}` }, [SECRET])).toBe(true);
  expect(isSigned({ ...MESSAGE, signature: `${`${wrong} `.repeat(10)}${RIGHT}` }, [SECRET])).toBe(false);
  expect(isSigned(MESSAGE, [OTHER])).toBe(false);
  expect(isSigned(MESSAGE, [])).toBe(false);
});

test('a message is of now, give or take five minutes', () => {
  const now = 1_614_265_330_999;
  const at = (offset: number) => isTimely({ id: 'a', timestamp: String(1_614_265_330 + offset) }, now);
  expect([-301, -300, 0, 300, 301].map(at)).toEqual([false, true, true, true, false]);
});

test.each(['', ' 1614265330', '1614265330 ', '1614265330.0', '+1614265330', '1614265330abc', '٣', '1e9', '-1', 'NaN'])(
  'the time %j is none',
  (timestamp) => {
    expect(isTimely({ id: 'a', timestamp }, 1_614_265_330_000)).toBe(false);
  },
);

test.each(['', 'a b', 'ä', 'a'.repeat(256)])('the id %j is none', (id) => {
  expect(isTimely({ id, timestamp: '1614265330' }, 1_614_265_330_000)).toBe(false);
});

test('a secret is whsec_ and the base64 of 24 to 64 bytes', () => {
  const of = (bytes: number) => keyOfSecret(`whsec_${Buffer.alloc(bytes, 1).toString('base64')}`)?.length;
  expect([23, 24, 64, 65].map(of)).toEqual([undefined, 24, 64, undefined]);
  expect(keyOfSecret(Buffer.alloc(32).toString('base64'))).toBe(undefined);
  expect(keyOfSecret(`whsec_${'not base64!'.repeat(4)}`)).toBe(undefined);
});
