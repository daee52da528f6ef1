import { type Operation, OPERATIONS } from '@millrace/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

let rest: TestRest;
let operator: TestUser;

beforeAll(async () => {
  rest = await startTestRest();
  operator = await rest.person('operator');
});
afterAll(() => rest?.stop());

/** The operation's path with an id of nothing that has the right form. */
function pathOf({ path, params }: Operation): string {
  const pattern: unknown = params?.properties['id']?.['pattern' as never];
  const prefix = typeof pattern === 'string' ? pattern.slice(1, pattern.indexOf('_')) : '';
  return path.replace('{id}', formatId('order', uuidv7()).replace('ord', prefix));
}

const parameters = OPERATIONS.flatMap((operation: Operation) =>
  Object.keys(operation.query?.properties ?? {}).map((name) => [operation.operationId, name, operation] as const),
);

it.each(parameters)('%s refuses a NUL in %s, which no database takes', async (_id, name, operation) => {
  for (const text of ['%00', 'a%00', '%00a']) {
    const answer = await rest.call(operation.method, `${pathOf(operation)}?${name}=${text}`, { as: operator });
    expect({ text, body: answer.json() }).toMatchObject({ text, body: { status: 400, code: 'invalid_request' } });
  }
});
