import { type DeskContract, DESKS, type Kind } from '@millrace/contract';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Check, Overdue } from './desk.ts';
import type { AnyTable } from './kit/index.ts';

/**
 * What the server's part of a desk has left out, and no type asks for: each with the desk, the thing, and where it belongs. What its
 * contract has left out is found by `contract/src/desks/forgotten.test.ts`. No desk is imported above: which tables are whose is
 * seen by what is declared while a desk is loaded.
 */
interface Part {
  contract: DeskContract;
  module: { checks: readonly Check[]; overdue: readonly Overdue[] };
  tables: readonly AnyTable[];
}

const parts = new Map<string, Part>();
const partOf = (name: string): Part => {
  const part = parts.get(name);
  if (!part) throw new Error(`${name} is no desk`);
  return part;
};

beforeAll(async () => {
  // Another test of this worker may have loaded the desks before.
  vi.resetModules();
  const { declaredTables } = await import('./kit/index.ts');
  const modules = new Map<string, readonly AnyTable[]>();
  for (const { name } of DESKS) {
    const before = new Set(declaredTables());
    await import(`./${name}/index.ts`);
    modules.set(
      name,
      declaredTables().filter((table) => !before.has(table)),
    );
  }
  const { MODULES } = await import('./index.ts');
  for (const contract of DESKS)
    parts.set(contract.name, { contract, module: MODULES[contract.name], tables: modules.get(contract.name) ?? [] });
});

const where = ({ contract: { name } }: Part): string => `server/src/desks/${name}/index.ts`;

/** What is said of overdue things: by the contract as labels, by the module as statements. */
function overdueOf(part: Part): string[] {
  const { contract, module } = part;
  const labels = Object.keys(contract.vocabulary.overdue);
  const entries = module.overdue.map(({ name }): string => name);
  const looked = new Set(module.overdue.flatMap((each) => (each.doneBy === 'scheduler' ? [each.kind] : [])));
  return [
    ...labels
      .filter((name) => !entries.includes(name))
      .map((name) => `${contract.name}: nothing looks for \`${name}\`: add it to \`overdue\` (${where(part)})`),
    ...entries
      .filter((name) => !labels.includes(name))
      .map(
        (name) =>
          `${contract.name}: \`${name}\` has no label: add it to \`overdue\` (contract/src/desks/${contract.name}/vocabulary.ts)`,
      ),
    ...Object.entries<Kind>(contract.kinds).flatMap(([kind, { startedBy }]) =>
      startedBy === 'time' && !looked.has(kind as never)
        ? [
            `${contract.name}: nobody would see that ${kind} is overdue: add an entry with this \`kind\` to \`overdue\` (${where(part)})`,
          ]
        : [],
    ),
  ];
}

/** What has a state or an amount can be wrong: some check compares it with the ledger, or with other rows. */
function unchecked(part: Part): string[] {
  const sql = part.module.checks.map((check) => check.sql).join('\n');
  return part.tables.flatMap(({ name, inserted }) => {
    const telling = inserted.filter((column) => column.name === 'status' || column.column.type === 'bigint');
    if (telling.length === 0 || new RegExp(`\\b${name}\\b`).test(sql)) return [];
    const columns = telling.map((column) => `\`${column.name}\``).join(', ');
    return [
      `${part.contract.name}: no check reads the table \`${name}\`, which has ${columns}: add one to \`checks\` (${where(part)})`,
    ];
  });
}

const forgottenIn = (part: Part): string[] => [...overdueOf(part), ...unchecked(part)];

test.each(DESKS.map(({ name }) => name))('%s has forgotten nothing', (name) => {
  const part = partOf(name);
  expect(forgottenIn(part)).toEqual([]);
  expect(part.tables.length).toBeGreaterThan(0);
});

describe('what is left out is named', () => {
  const less = (more: Partial<Part['module']>): string[] => {
    const part = partOf('lending');
    return forgottenIn({ ...part, module: { ...part.module, ...more } });
  };

  test('what nothing looks for, and a command of which nobody would see that it is overdue', () => {
    const overdue = partOf('lending').module.overdue.slice(1);
    expect(less({ overdue })).toEqual([
      'lending: nothing looks for `loans_past_deadline`: add it to `overdue` (server/src/desks/lending/index.ts)',
      'lending: nobody would see that expire_loan is overdue: add an entry with this `kind` to `overdue` (server/src/desks/lending/index.ts)',
    ]);
  });

  test('what is looked for and has no label', () => {
    const [first] = partOf('lending').module.overdue as [Overdue];
    const overdue = [...partOf('lending').module.overdue, { ...first, name: 'withdrawals_not_sent' as const }];
    expect(less({ overdue })).toEqual([
      'lending: `withdrawals_not_sent` has no label: add it to `overdue` (contract/src/desks/lending/vocabulary.ts)',
    ]);
  });

  test('a table that no check reads', () => {
    const found = less({ checks: [] });
    const words = /^lending: no check reads the table `(\w+)`, which has .*`: add one to `checks` \(server/;
    const tables = new Set(found.map((line) => words.exec(line)?.[1]));
    expect(tables).toEqual(new Set(['installments', 'loan_stakes', 'loans']));
  });
});
