import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JSON_DEPTH_MAX, NUMBER_LENGTH_MAX, parseJson } from './strict-json.ts';

function refusal(text: string): string {
  const parsed = parseJson(text);
  return parsed.ok ? `accepted ${JSON.stringify(parsed.value)}` : parsed.detail;
}

describe('parseJson', () => {
  it('reads every JSON value as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false, maxDepth: 6 }), fc.boolean(), (value, pretty) => {
        const text = JSON.stringify(value, null, pretty ? 2 : 0);
        // A name such as __proto__ is refused, and has a test of its own.
        fc.pre(!text.includes('__proto__') && !text.includes('constructor'));
        expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  it.each([
    '9007199254740993',
    '25.000000000000000001',
    '1e400',
    '-1e400',
    '0.1000000000000000055511151231257827',
    '123456789012345678',
    '1e-400',
  ])('refuses the number %s, which a double does not hold', (number) => {
    expect(refusal(`{"amount": ${number}}`)).toContain('silently change');
    expect(refusal(`[1, [${number}]]`)).toContain('silently change');
  });

  it.each([
    '0.1',
    '25.00',
    '1e3',
    '1E+3',
    '2.5e-3',
    '9007199254740991',
    '9007199254740992',
    '100000000000000000000',
    '0.0000000000000000',
    '-0',
    '1.50000000000000000000',
  ])('accepts the number %s', (number) => {
    expect(parseJson(`{"amount":${number}}`)).toEqual({ ok: true, value: { amount: Number(number) } });
  });

  it.each([
    ['zeros behind the point', `1.${'0'.repeat(NUMBER_LENGTH_MAX)}`],
    ['zeros before the point', `1${'0'.repeat(NUMBER_LENGTH_MAX)}`],
    ['zeros and nothing else', `0.${'0'.repeat(60_000)}`],
    ['zeros in the middle', `0.${'0'.repeat(60_000)}1`],
    ['digits in the exponent', `1e${'9'.repeat(60_000)}`],
    ['zeros in the exponent', `1e${'0'.repeat(60_000)}`],
  ])('refuses a number of too many %s, whatever it is worth', (_what, number) => {
    expect(refusal(`{"amount":${number}}`)).toContain('more than 100 characters');
  });

  it('does not look for numbers in strings', () => {
    expect(parseJson('{"a":"9007199254740993","b\\"1e400":"1e400","c":":{[","d":"\\\\"}').ok).toBe(true);
  });

  it('refuses a name that occurs twice, however it is written', () => {
    expect(refusal('{"amount":1,"amount":2}')).toContain('twice');
    expect(refusal('{"amount":1,"\\u0061mount":2}')).toContain('twice');
    expect(refusal('[{"a":{"b":1,"c":2,"b":3}}]')).toContain('twice');
    expect(parseJson('[{"a":1},{"a":1},{"b":{"a":1}}]').ok).toBe(true);
  });

  it('refuses names that poison objects', () => {
    expect(refusal('{"__proto__":{"admin":true}}')).toContain('not allowed');
    expect(refusal('{"a":[{"\\u005f_proto__":1}]}')).toContain('not allowed');
    expect(refusal('{"constructor":{"prototype":{"admin":true}}}')).toContain('not allowed');
    expect(parseJson('{"constructor":"a firm that builds"}').ok).toBe(true);
  });

  it('refuses more levels than JSON_DEPTH_MAX, and reads as many', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(parseJson(nested(JSON_DEPTH_MAX)).ok).toBe(true);
    expect(refusal(nested(JSON_DEPTH_MAX + 1))).toContain('levels');
    expect(refusal('{"a":'.repeat(100_000))).toContain('levels');
  });

  it.each([
    '',
    ' ',
    '{',
    '{"a":}',
    "{'a':1}",
    '{"a":NaN}',
    '{"a":Infinity}',
    '{"a":01}',
    '{"a":1,}',
    'undefined',
    '{"a":+1}',
    '{"a":.5}',
    '{"a":25.}',
  ])('refuses %j, which is not JSON', (text) => {
    expect(parseJson(text).ok).toBe(false);
  });
});
