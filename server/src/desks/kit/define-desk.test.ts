import { describe, expect, test } from 'vitest';
import { createWorld } from '../../../test/support/desk-world.ts';
import { formatId, uuidOfName } from '../../core/ids.ts';
import { accountKey, cashOf } from '../../ledger/index.ts';
import type { Command, Loader } from '../desk.ts';
import { column, completed, defineDesk, defineTable, type KindRules, RowGroups, RowSet, uuidIn } from './index.ts';

const boxes = defineTable({
  name: 'test_boxes',
  key: ['id'],
  columns: { id: column.uuid(), asset: column.text() },
});
const labels = defineTable({
  name: 'test_labels',
  key: ['boxId', 'number'],
  group: 'boxId',
  lock: 'none',
  columns: { boxId: column.uuid(), number: column.integer() },
});

interface Rows {
  boxes: RowSet<typeof boxes, 'asset'>;
  labels: RowGroups<typeof labels>;
}

const moneyOf = (id: string, asset: string) => accountKey(id, 'escrow', asset);
const boxOf = ({ params }: { params: { to_user: string } }): string => uuidIn('user', params.to_user);

/** `deposit` puts money into a new box; `transfer` takes it out of the box whose id it names. */
const opens: KindRules<'deposit', Rows, never, string, unknown> = {
  names({ id, userId, params: { asset } }, named) {
    named.rows.boxes.expect(id, { asset });
    named.cash(userId, asset);
    named.account(moneyOf(id, asset));
  },
  decide: (command, _view, by) => completed({ by, did: command.kind }),
};
const takes: KindRules<'transfer', Rows, never, string, unknown> = {
  names: (command, { rows }) => rows.boxes.ask(boxOf(command)),
  accounts(command, named) {
    for (const { asset } of named.rows.boxes.possible(boxOf(command))) {
      named.account(moneyOf(boxOf(command), asset));
      named.cash(command.userId, asset);
    }
  },
  decide: (command, { rows }) => completed({ labels: rows.labels.all(boxOf(command)).size }),
};
const declaration = {
  name: 'boxes',
  rows: (): Rows => ({ boxes: new RowSet(boxes), labels: new RowGroups(labels) }),
  kinds: { deposit: opens, transfer: takes },
  apply: () => undefined,
};
const deskOf = defineDesk<'deposit' | 'transfer', Rows, never, string>({
  ...declaration,
  further({ rows }) {
    for (const { id } of rows.boxes.values()) rows.labels.askAll(id);
  },
});

const user = (index: number): string => uuidOfName(`user ${index}`);
const box = (index: number): string => uuidOfName(`box ${index}`);
const open = (index: number) => ({ id: box(index), kind: 'deposit', userId: user(0), params: { asset: 'USD' } });
const take = (index: number, userId: string | null = user(index)) => ({
  kind: 'transfer',
  userId,
  params: { to_user: formatId('user', box(index)) },
});
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const namesOf = (accounts: Iterable<{ name: string }>) => new Set([...accounts].map(({ name }) => name));

describe('what a batch names', () => {
  test('grows with its commands, and not with their product', async () => {
    const world = createWorld(deskOf('Ann'));
    for (const index of numbers(1_000)) world.put(boxes, { id: box(index), asset: 'USD' });
    const { accounts } = await world.read(numbers(1_000).map((index) => take(index)));
    // Each its box and its user.
    expect(accounts).toHaveLength(2_000);
  });

  test('is there for rows that the batch itself may add, and nothing for those that nobody knows', async () => {
    const { accounts } = await createWorld(deskOf('Ann')).read([open(1), take(1, user(7)), take(2, user(8))]);
    const expected = [moneyOf(box(1), 'USD'), cashOf(user(0), 'USD'), cashOf(user(7), 'USD')];
    expect(namesOf(accounts)).toEqual(namesOf(expected));
  });

  test('and lacks its user brings no other command down', async () => {
    const world = createWorld(deskOf('Ann'));
    world.put(boxes, { id: box(1), asset: 'USD' });
    const { accounts } = await world.read([take(1, null)]);
    expect(namesOf(accounts)).toEqual(namesOf([moneyOf(box(1), 'USD')]));
  });

  test('is sent at once, with the accounts that need no row; what hangs on rows comes behind', async () => {
    const sent: string[] = [];
    const loader: Loader = {
      forUpdate: ' for update',
      lockEarly: (accounts) => void sent.push(`${accounts.length} accounts`),
      select: async <Row>({ name }: { name: string }) => {
        sent.push(name);
        return [{ id: box(1), asset: 'USD' }].filter(() => name.startsWith('test_boxes')) as Row[];
      },
    };
    const commands = [open(5), take(1)] as unknown as Command[];
    const loading = deskOf('Ann').load(loader, commands, 0, undefined);
    expect(sent).toEqual(['test_boxes_by_id_locked', '2 accounts']);
    const { accounts } = await loading;
    expect(sent.slice(2)).toEqual(['test_labels_by_box_id']);
    expect(accounts).toHaveLength(4);
  });
});

test('what is read behind the first answer is locked by what was read before', async () => {
  const late = defineDesk<'deposit' | 'transfer', Rows, never, string>({
    ...declaration,
    further: ({ rows }) => rows.boxes.ask(box(9)),
  });
  await expect(createWorld(late('Ann')).read([take(1)])).rejects.toThrow('named by the commands alone');
});

test('every kind is asked for by the compiler, is decided with the settings, and no other desk’s is', async () => {
  // @ts-expect-error: nothing is said of `transfer`.
  defineDesk<'deposit' | 'transfer', Rows, never, string>({ ...declaration, kinds: { deposit: opens } });
  const desk = deskOf('Ann');
  expect(desk.kinds).toEqual(['deposit', 'transfer']);
  const world = createWorld(desk);
  expect(await world.one(open(1))).toMatchObject({ order: { result: { by: 'Ann', did: 'deposit' } } });
  const foreign = { ...open(2), kind: 'toString' } as unknown as Command;
  expect(() => desk.decide(foreign, {} as never)).toThrow('another desk');
});
