import type { WireTransfer } from '@millrace/contract';
import { expect, test } from 'vitest';
import { CSV_HEADER, collectCsv, csvOf, fileNameOf } from './csv.ts';

const line: WireTransfer = {
  id: 'trf_0-7',
  at: '2026-11-21T12:00:00.000Z',
  reason: 'loan_funding',
  order_id: 'ord_00000000-0000-7000-8000-000000000001',
  direction: 'debit',
  amount: '25.00',
  balance: '75.00',
  counterparty_purpose: 'escrow',
  loan: { id: 'loan_00000000-0000-7000-8000-000000000002', purpose: 'New roof' },
};

async function* linesOf(count: number): AsyncGenerator<WireTransfer> {
  for (let number = 1; number <= count; number += 1) yield { ...line, id: `trf_0-${number}` };
}

const options = { asset: 'USD', balances: { opening: '100.00', closing: '80.00' }, isWhole: true, tell: () => {} };

test('the lines stand between the closing and the opening balance', async () => {
  const collect = async (more: object) => (await collectCsv(linesOf(2), { ...options, ...more })).parts;
  const [header, closing, ...rest] = await collect({});
  expect(header).toBe(`\uFEFF${CSV_HEADER}`);
  expect(closing).toBe(',Closing balance,,75.00,USD,,,,,,,\r\n');
  expect(rest.at(-1)).toBe(',Opening balance,,100.00,USD,,,,,,,\r\n');
  expect((await collect({ isWhole: false }))[1]).toContain('80.00');
  expect((await collect({ linesMax: 1 })).join('')).not.toContain('Opening');
});

test('a line has the amount with its sign, and words as well as codes', () => {
  expect(csvOf(line, 'USD')).toBe(
    '2026-11-21T12:00:00.000Z,Investment in a loan,-25.00,75.00,USD,New roof,loan_00000000-0000-7000-8000-000000000002,Escrow of a loan,loan_funding,debit,ord_00000000-0000-7000-8000-000000000001,trf_0-7\r\n',
  );
});

test('all lines are collected, and how many is told on the way', async () => {
  const told: number[] = [];
  const collected = await collectCsv(linesOf(450), { ...options, tell: (lines) => told.push(lines) });
  expect(collected.parts).toHaveLength(453);
  expect(collected.parts[0]).toBe(`\uFEFF${CSV_HEADER}`);
  expect({ lines: collected.lines, isCut: collected.isCut, told }).toEqual({
    lines: 450,
    isCut: false,
    told: [200, 400],
  });
});

test('a file that is full says whether there is more', async () => {
  const collect = (count: number) => collectCsv(linesOf(count), { ...options, linesMax: 3 });
  expect(await collect(3)).toMatchObject({ lines: 3, isCut: false });
  expect(await collect(4)).toMatchObject({ lines: 3, isCut: true });
});

test('reading that fails makes no file', async () => {
  async function* failing(): AsyncGenerator<WireTransfer> {
    yield line;
    throw new Error('aborted');
  }
  await expect(collectCsv(failing(), options)).rejects.toThrow('aborted');
});

test('the file’s name is one on every system', () => {
  expect(fileNameOf('loan:0e2e/..', '2026-11-21')).toBe('statement-loan-0e2e-..-2026-11-21.csv');
});
