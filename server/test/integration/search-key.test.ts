import { FOLDED, searchKey, searchTerm } from '@millrace/contract/search-text';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

let rest: TestRest;
let pool: pg.Pool;
let operator: TestUser;
beforeAll(async () => {
  rest = await startTestRest();
  ({ pool } = rest);
  operator = await rest.person('operator');
});
afterAll(() => rest?.stop());

/** Typed in any of these ways, each finds what was stored in any of them. */
const SAME: readonly (readonly [string, readonly string[]])[] = [
  ['case', ['Éclair', 'éclair', 'ÉCLAIR']],
  ['accents', ['Café Zoë', 'Cafe Zoe', 'CAFÉ ZOE']],
  ['composed and decomposed', ['Ång\u00f6', 'A\u030ango\u0308', 'ango']],
  ['a sharp s', ['Straße 5', 'STRASSE 5', 'Strasse 5', 'STRAẞE 5']],
  ['the i of Turkish', ['İzmir Işık', 'izmir ışık', 'IZMIR ISIK', 'i\u0307zmir isik']],
  ['width', ['ＡＢＣ１２', 'abc12', 'ABC12']],
  ['half-width kana', ['ｶﾞｲﾄﾞ', 'ガイド']],
  ['ligatures', ['Oﬃce', 'office', 'OFFICE']],
  ['the last s of Greek', ['Οδυσσεύς', 'ΟΔΥΣΣΕΥΣ', 'οδυσσευσ']],
  ['Cyrillic', ['Ёлка Йод', 'ЕЛКА ИОД', 'е\u0308лка йод']],
  ['strokes', ['Łódź Ørsted', 'lodz orsted', 'ŁÓDŹ ØRSTED']],
  ['letters as two', ['Æsir Œuvre Þor', 'aesir oeuvre thor', 'ÆSIR ŒUVRE ÞOR']],
  ['quotes and dashes', ['O’Brien – “x”', 'O\'Brien - "x"']],
  ['Hangul', ['한국', '\u1112\u1161\u11ab\u1100\u116e\u11a8']],
];

test.each(SAME)('searches fold %s', (_name, forms) => {
  expect(new Set(forms.map(searchTerm)).size).toBe(1);
});

test.each([
  ['が', 'か'],
  ['10²', '10³'],
  ['л', 'n'],
  ['ä', 'ae'],
])('%s is not %s', (one, other) => {
  expect(searchKey(one)).not.toBe(searchKey(other));
});

test('the database folds every character, and every form of the table, as the program does', async () => {
  const characters = Array.from({ length: 0x2fff }, (_, code) => String.fromCodePoint(code + 1));
  // Nothing stands alone: a letter before each shows what becomes of accents.
  const texts = [...characters.map((one) => `e${one}`), ...FOLDED.keys(), ...SAME.flatMap(([, forms]) => forms)];
  const { rows } = await pool.query<{ text: string; key: string }>(
    'select text, search_key(text) as key from unnest($1::text[]) as text',
    [texts],
  );
  expect(rows.filter(({ text, key }) => key !== searchKey(text))).toEqual([]);
});

test('users, loans, merchants, the console and the audit log find what is written in another way', async () => {
  const found = async (url: string): Promise<number> => {
    const answer = await rest.call('GET', url, { as: operator });
    expect(answer.statusCode).toBe(200);
    return answer.json().data.length;
  };
  for (const [index, [, forms]] of SAME.entries()) {
    // A number keeps what one row stores from being found by another's search.
    const stored = `${forms[0]} q${index}q`;
    const made = await rest.core.identity.createUser({
      email: `s${index}@search.example`,
      name: stored,
      role: 'investor',
      password: null,
    });
    if (!made.ok) throw new Error('no user');
    const body = {
      borrower_id: made.value.user.id,
      purpose: stored,
      amount: '100',
      apr: '0.05',
      term_months: 6,
      grade: 'B',
      funding_deadline: new Date(Date.now() + 86_400_000).toISOString(),
    };
    expect((await rest.call('POST', '/v1/loans', { as: operator, body })).statusCode).toBe(201);
    const merchant = { handle: `m${index}`, name: stored };
    expect((await rest.call('POST', '/v1/merchants', { as: operator, body: merchant })).statusCode).toBe(201);
    for (const form of forms) {
      const text = encodeURIComponent(` ${form}  q${index}Q `);
      expect([form, await found(`/v1/users?search=${text}`)]).toEqual([form, 1]);
      expect([form, await found(`/v1/merchants?search=${text}`)]).toEqual([form, 1]);
      expect([form, await found(`/v1/loans?search=${text}`)]).toEqual([form, 1]);
      expect([form, await found(`/v1/search?q=${text}`)]).toEqual([form, 2]);
    }
  }
  const failed = { email: 'ZoË@Search.example', password: 'wrong password' };
  await rest.call('POST', '/v1/auth/login', { body: failed });
  expect(await found(`/v1/audit-log?search=${encodeURIComponent('zoe@search')}`)).toBe(1);
});
