import { expect, test } from 'vitest';
import { uuidOfName } from '../../src/core/ids.ts';
import {
  column,
  completed,
  defineDesk,
  defineTable,
  Lookup,
  ownerOf,
  RowGroups,
  RowSet,
} from '../../src/desks/kit/index.ts';
import { cashOf } from '../../src/ledger/index.ts';
import { createWorld } from './desk-world.ts';

const visitors = defineTable({
  name: 'visitors',
  key: ['userId'],
  columns: { userId: column.uuid(), since: column.time(), visits: column.integer().mutable() },
});
const visits = defineTable({
  name: 'visits',
  key: ['userId', 'number'],
  group: 'userId',
  lock: 'none',
  columns: { userId: column.uuid(), number: column.integer(), at: column.time() },
});

interface Rows {
  visitors: RowSet<typeof visitors>;
  visits: RowGroups<typeof visits>;
  greetings: Lookup<string>;
}
type Change = { userId: string; at: number };

/** Counts who comes: what is new in this desk is its rules, and its own select. */
const guestbook = defineDesk<'deposit', Rows, Change>({
  name: 'guestbook',
  rows: () => ({
    visitors: new RowSet(visitors),
    visits: new RowGroups(visits),
    greetings: new Lookup(async (loader, users) => {
      const statement = { name: 'guestbook_greetings', text: '' };
      const found = await loader.select<{ id: string; text: string }>(statement, [`{${users.join()}}`]);
      return found.map(({ id, text }) => [id, text]);
    }),
  }),
  kinds: {
    deposit: {
      names(command, { rows }) {
        const userId = ownerOf(command);
        rows.visitors.ask(userId);
        rows.visits.askAll(userId);
        rows.greetings.ask(userId);
      },
      decide(command, { rows, ledger }) {
        const userId = ownerOf(command);
        // Nobody has named this account.
        if ('rich' in command.params) ledger.available(cashOf(userId, 'USD'));
        const times = [...rows.visits.all(userId).values()].map(({ at }) => at);
        const greeting = rows.greetings.must(userId, 'greeting of');
        return completed({ greeting, times }, { changes: [{ userId, at: command.at }] });
      },
    },
  },
  apply({ visitors: all, visits: each }, { userId, at }) {
    if (!all.has(userId)) all.add({ userId, since: at, visits: 0 });
    const visitor = all.change(userId);
    visitor.visits += 1;
    each.add({ userId, number: visitor.visits, at });
  },
})();

const ANN = uuidOfName('ann');
const BEN = uuidOfName('ben');
const worldOf = () =>
  createWorld(guestbook, {
    answers: { guestbook_greetings: (ids) => ids.map((id) => ({ id, text: id === ANN ? 'Hello' : 'Welcome' })) },
  });
const visit = (userId: string, at: number, params = {}) => ({ kind: 'deposit', userId, at, params });

test('any desk runs in a world: what a batch leaves, the next one reads', async () => {
  const world = worldOf();
  world.put(visitors, { userId: BEN, since: 1, visits: 1 });
  world.put(visits, { userId: BEN, number: 1, at: 1 });
  await world.submit([visit(ANN, 10), visit(BEN, 11), visit(ANN, 12)]);
  expect(await world.one(visit(ANN, 20))).toMatchObject({ order: { result: { greeting: 'Hello', times: [10, 12] } } });
  expect(await world.one(visit(BEN, 21))).toMatchObject({ order: { result: { greeting: 'Welcome', times: [1, 11] } } });
  expect(world.tables.rows(visitors)).toEqual([
    { userId: BEN, since: 1, visits: 3 },
    { userId: ANN, since: 10, visits: 3 },
  ]);
  const { statements } = await world.read([visit(ANN, 30)]);
  expect(statements).toEqual(['visitors_by_user_id_locked', 'visits_by_user_id', 'guestbook_greetings']);
});

test('a world shows what load has forgotten', async () => {
  const world = worldOf();
  expect(await world.one(visit(ANN, 1, { rich: true }))).toMatchObject({ order: { status: 'failed' } });
  expect(world.deadLetters).toEqual([expect.stringContaining('was not')]);
  await expect(createWorld(guestbook).one(visit(ANN, 1))).rejects.toThrow('nothing answers guestbook_greetings');
});

test('a world shows what a result has that its kind does not declare', async () => {
  const world = createWorld({ ...guestbook, name: 'payments' }, { answers: { guestbook_greetings: () => [] } });
  expect(await world.one(visit(ANN, 1))).toMatchObject({ order: { status: 'failed' } });
  const greeted = createWorld(
    { ...guestbook, name: 'payments' },
    { answers: { guestbook_greetings: (ids) => ids.map((id) => ({ id, text: 'Hello' })) } },
  );
  const words = 'payments: an order deposit has `greeting` in its result: add it to `result` of the kind (contract/';
  await expect(greeted.one(visit(ANN, 1))).rejects.toThrow(words);
});
