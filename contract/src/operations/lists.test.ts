import { expect, it } from 'vitest';
import { OPERATIONS } from './index.ts';
import type { Operation } from './operation.ts';

/** What a list may do without, and why. */
const WHOLE: ReadonlyMap<string, string> = new Map([
  ['listOrderEvents', 'the events of one order are few, and there is a most of them'],
  ['search', 'it is the best few hits, for a person who types on'],
]);

const lists = OPERATIONS.flatMap((operation: Operation) => {
  const properties = operation.responses[200]?.schema?.['properties' as never] as { data?: unknown } | undefined;
  const isList = operation.operationId.startsWith('list') || properties?.data !== undefined;
  return isList && !WHOLE.has(operation.operationId) ? [[operation.operationId, operation, properties] as const] : [];
});

it.each(lists)('%s comes in pages', (_id, { query, errors }, properties) => {
  const parameters = Object.keys(query?.properties ?? {});
  expect(parameters).toContain('limit');
  expect(parameters.some((name) => name === 'cursor' || name === 'after')).toBe(true);
  expect(Object.keys(properties ?? {})).toEqual(expect.arrayContaining(['data', 'has_more', 'next_cursor']));
  expect(errors).toContain('invalid_cursor');
});
