import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  bigintArray,
  booleanArray,
  integerArray,
  jsonArray,
  numericArray,
  plainArray,
  textArray,
  timestampArray,
  uuidArray,
} from '../../src/db/arrays.ts';
import { createPool } from '../../src/db/pool.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = createPool(database.connection);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** What the server has read, each element as it prints it. */
async function readBack(type: string, parameter: unknown): Promise<(string | null)[]> {
  const { rows } = await pool.query<{ text: string | null }>(
    `select v::text as text from unnest($1::${type}[]) with ordinality as u (v, n) order by n`,
    [parameter],
  );
  return rows.map(({ text }) => text);
}

const parameters = { numRuns: 60 };
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(fc.option(arbitrary));
// What PostgreSQL's text can hold: any Unicode but the zero character, and no half of a surrogate pair.
const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\u0000', ''));

test('arrays of UUIDs are read as they were written', () =>
  fc.assert(
    fc.asyncProperty(orNull(fc.uuid()), async (values) => {
      expect(await readBack('uuid', uuidArray(values))).toEqual(values);
      const upper = values.map((value) => value?.toUpperCase() ?? null);
      expect(await readBack('uuid', uuidArray(upper))).toEqual(values);
    }),
    parameters,
  ));

test('arrays of whole numbers are read as they were written, to the last one that is exact', async () => {
  const edge = [0, -1, 1, 2 ** 31, 2 ** 32, -(2 ** 32) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, null];
  expect(await readBack('bigint', integerArray(edge))).toEqual(
    edge.map((value) => (value === null ? null : `${value}`)),
  );
  await fc.assert(
    fc.asyncProperty(orNull(fc.maxSafeInteger()), async (values) => {
      expect(await readBack('bigint', integerArray(values))).toEqual(
        values.map((value) => (value === null ? null : BigInt(value).toString())),
      );
    }),
    parameters,
  );
});

test('arrays of bigints are read as they were written, to the last one that fits', async () => {
  const edge = [0n, -1n, 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n];
  expect(await readBack('bigint', bigintArray(edge))).toEqual(edge.map(String));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)), async (values) => {
      expect(await readBack('bigint', bigintArray(values))).toEqual(values.map(String));
    }),
    parameters,
  );
  expect(() => bigintArray([2n ** 63n])).toThrow(RangeError);
});

test('arrays of whole numbers are read as they were written, beyond 64 bits too', async () => {
  const far = 10n ** 38n - 1n;
  const edge = [
    0n,
    1n,
    -1n,
    9_999n,
    10_000n,
    10n ** 16n,
    2n ** 53n - 1n,
    2n ** 53n,
    2n ** 63n,
    -(2n ** 63n),
    far,
    -far,
  ];
  expect(await readBack('numeric', numericArray(edge))).toEqual(edge.map(String));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(fc.bigInt(-far, far), fc.bigInt(-(10n ** 9n), 10n ** 9n))), async (values) => {
      expect(await readBack('numeric', numericArray(values))).toEqual(values.map(String));
    }),
    parameters,
  );
  expect(() => numericArray([10n ** 40n])).toThrow(RangeError);
});

test('arrays of times are read as they were written, to the millisecond', () =>
  fc.assert(
    fc.asyncProperty(
      orNull(fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })),
      async (dates) => {
        const values = dates.map((date) => date?.toISOString() ?? null);
        const parameter = timestampArray(values);
        const { rows } = await pool.query<{ at: Date | null }>(
          'select v as at from unnest($1::timestamptz[]) with ordinality as u (v, n) order by n',
          [parameter],
        );
        expect(rows.map(({ at }) => at?.toISOString() ?? null)).toEqual(values);
        // As numbers they are the same bytes.
        expect(timestampArray(dates.map((date) => date?.getTime() ?? null))).toEqual(parameter);
      },
    ),
    parameters,
  ));

test('arrays of texts and of JSON are read as they were written', async () => {
  await fc.assert(
    fc.asyncProperty(orNull(text), fc.array(fc.json()), async (texts, documents) => {
      expect(await readBack('text', textArray(texts))).toEqual(texts);
      expect(await readBack('json', jsonArray(documents))).toEqual(documents);
    }),
    parameters,
  );
});

test('fixed words, numbers and booleans are read in the text form', async () => {
  expect(await readBack('text', plainArray(['open', null, 'late']))).toEqual(['open', null, 'late']);
  expect(await readBack('integer', plainArray([1, null, -3]))).toEqual(['1', null, '-3']);
  expect(await readBack('boolean', booleanArray([true, false]))).toEqual(['true', 'false']);
});

test.each([
  '',
  'x',
  '0190a0a0-0000-7000-8000-00000000000',
  '0190a0a0-0000-7000-8000-00000000000g',
  '0190a0a0-0000-7000-8000-0000000000\u0660\u0660',
  '0190a0a0-0000-7000-8000-0000000000000',
])('%j is no UUID, and is not sent as one', (value) => {
  expect(() => uuidArray([value])).toThrow(TypeError);
});

test('what is no time is not sent as one', () => {
  expect(() => timestampArray(['yesterday'])).toThrow(RangeError);
});
