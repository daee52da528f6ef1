import { expect, test } from 'vitest';
import { createCsvReader, csvCell, csvLine, readColumns, readCsvText, readRow } from './index.ts';

const cellsOf = (text: string): unknown[] =>
  readCsvText(text).records.map((record) =>
    'cells' in record ? [record.line, ...record.cells] : [record.line, record.fault],
  );

test.each([
  [
    'commas',
    'a,b\n1,2',
    [
      [1, 'a', 'b'],
      [2, '1', '2'],
    ],
  ],
  [
    'semicolons',
    'a;b\n"1,5";2',
    [
      [1, 'a', 'b'],
      [2, '1,5', '2'],
    ],
  ],
  [
    'tabs',
    'a\tb\n1,5\t',
    [
      [1, 'a', 'b'],
      [2, '1,5', ''],
    ],
  ],
  [
    'what the first line says',
    'sep=;\r\na;b,c\r\n1;2',
    [
      [2, 'a', 'b,c'],
      [3, '1', '2'],
    ],
  ],
  ['that line in quotes, behind a mark', '\uFEFF"sep=\t"\na\tb', [[2, 'a', 'b']]],
  [
    'a separator in the header’s quotes',
    '"a;b;c",d\n1,2',
    [
      [1, 'a;b;c', 'd'],
      [2, '1', '2'],
    ],
  ],
  [
    'a byte order mark and CR LF',
    '\uFEFF"a",b\r\n1,2\r\n',
    [
      [1, 'a', 'b'],
      [2, '1', '2'],
    ],
  ],
  [
    'the line ends of old Macs',
    'a,b\r1,2\r"x\ry",3',
    [
      [1, 'a', 'b'],
      [2, '1', '2'],
      [3, 'x\ny', '3'],
    ],
  ],
  ['doubled quotes', '"she said ""no""",""', [[1, 'she said "no"', '']]],
  [
    'line breaks in quotes',
    'a,b\r\n"one\r\ntwo",3\r\n4,5',
    [
      [1, 'a', 'b'],
      [2, 'one\ntwo', '3'],
      [4, '4', '5'],
    ],
  ],
  ['spaces around cells and quotes', ' a , "b " \n', [[1, 'a', 'b ']]],
  [
    'blank lines and rows',
    'a,b\n\n , \n1,2',
    [
      [1, 'a', 'b'],
      [4, '1', '2'],
    ],
  ],
  [
    'a quote inside a cell',
    'a,b\n5" pipe 2",1\n1,2',
    [
      [1, 'a', 'b'],
      [2, 'The quotes are not as CSV has them.'],
      [3, '1', '2'],
    ],
  ],
  ['something behind a quote', '"a"x,b', [[1, 'The quotes are not as CSV has them.']]],
  [
    'a quote that is never closed',
    'a,b\n"1,2\n3,4',
    [
      [1, 'a', 'b'],
      [2, 'A quote is not closed.'],
      [3, '3', '4'],
    ],
  ],
])('reads %s', (_name, text, records) => {
  expect(cellsOf(text)).toEqual(records);
});

test('a quote that is never closed holds no more than a hundred lines', () => {
  const reader = createCsvReader();
  reader.push({ line: 1, text: 'a,b' });
  reader.push({ line: 2, text: '"open' });
  const records = Array.from({ length: 99 }, (_, index) => reader.push({ line: index + 3, text: '1,2' })).flat();
  expect(records[0]).toMatchObject({ line: 2, fault: 'A quote is not closed.' });
  expect(records).toHaveLength(100);
});

test('a cell is quoted where it has to be, and is no formula to a spreadsheet', () => {
  expect(csvCell('plain words')).toBe('plain words');
  expect(csvCell('a;b')).toBe('"a;b"');
  expect(csvCell('she said "no"')).toBe('"she said ""no"""');
  expect(csvLine(['two\nlines', 'b'])).toBe('"two\nlines",b\r\n');
  for (const text of ['=1', '+1+2', '-1+2', '@sum', '\tx', '\r=1', '--5', '  =1', '＝1', '−1'.replace('−', '－')])
    expect(csvCell(text).replace(/^"/, '')[0]).toBe("'");
  for (const text of ['-25.00', '0', '12.5']) expect(csvCell(text)).toBe(text);
});

test('what is written is read again', () => {
  const cells = ['a,b', ' c ', 'd"e', 'two\nlines', ''];
  expect(cellsOf(csvLine(cells))).toEqual([[1, ...cells]]);
});

const COLUMNS = { names: ['kind', 'loan_id', 'amount'], aliases: { loan: 'loan_id' } } as const;

test.each([
  [
    ['kind', 'loan_id', 'amount'],
    ['kind', 'loan_id', 'amount'],
  ],
  [
    ['KIND', 'Loan ID', ' Amount'],
    ['kind', 'loan_id', 'amount'],
  ],
  [
    ['Loan-Id', 'ａｍｏｕｎｔ', ''],
    ['loan_id', 'amount'],
  ],
  [
    ['loan', 'Kind'],
    ['loan_id', 'kind'],
  ],
])('the header %j names %j', (header, columns) => {
  expect(readColumns(header, COLUMNS)).toEqual({ ok: true, value: columns });
});

test.each([
  [['kind', 'amonut'], 'There is no column “amonut”. The columns are: kind, loan_id, amount.'],
  [['kind', 'constructor'], 'There is no column “constructor”. The columns are: kind, loan_id, amount.'],
  [['Kind', 'amount', 'kind'], 'The header has “kind” twice.'],
  [['loan', 'loan_id'], 'The header has “loan_id” twice.'],
])('the header %j is refused', (header, words) => {
  expect(readColumns(header, COLUMNS)).toMatchObject({ ok: false, words });
});

test.each([
  [['pay', '', '1'], { kind: 'pay', amount: '1' }],
  [['pay', '', ''], { kind: 'pay' }],
  [['pay', '', '1', '', ''], { kind: 'pay', amount: '1' }],
  [['pay'], 'It has 1 cells; the header has 3.'],
  [['pay', '', '1', '2'], 'It has 4 cells; the header has 3.'],
  [['pay', '2', '1'], '“2” stands in a column without a name.'],
])('the cells %j under kind, a column without a name, and amount are %j', (cells, row) => {
  const expected = typeof row === 'string' ? { fault: row } : { cells: row };
  expect(readRow({ line: 2, text: '', cells }, ['kind', undefined, 'amount'])).toEqual({
    line: 2,
    text: '',
    ...expected,
  });
});
