import { expect, test } from 'vitest';
import { readBatch } from './batch-text.ts';

const HEADER = 'borrower,purpose,amount,apr,term_months,grade,funding_deadline';
const row = (purpose: string) => `anna@test.example,${purpose},1000.00,0.07,12,B,2027-01-31`;
const rowsOf = (text: string) => {
  const read = readBatch(text);
  if (!read.ok) throw new Error(read.reason);
  return read.rows;
};
const reasonOf = (text: string) => {
  const read = readBatch(text);
  return read.ok ? undefined : read.reason;
};

test('rows are read with the numbers of their lines', () => {
  const rows = rowsOf(`${HEADER}\n${row('Roof')}\n\n${row('Heat pump')}\n`);
  expect(rows.map(({ line, fields }) => [line, fields.purpose])).toEqual([
    [2, 'Roof'],
    [4, 'Heat pump'],
  ]);
  expect(rows[0]?.fields).toMatchObject({ borrower: 'anna@test.example', term_months: '12' });
});

test('a cell in quotes may hold commas, quotes and line breaks', () => {
  const rows = rowsOf(`${HEADER}\r\n${row('"Roof, ""green"",\nnew"')}\r\n${row('Next')}`);
  expect(rows.map(({ line, fields }) => [line, fields.purpose])).toEqual([
    [2, 'Roof, "green",\nnew'],
    [4, 'Next'],
  ]);
});

test('what a spreadsheet writes is read too: a mark at the beginning, semicolons, other names', () => {
  const text =
    '\uFEFFBorrower ID;Purpose;Amount;APR;Term months;Grade;Funding deadline\nusr_1;Roof;1;0.1;1;A;2027-01-31';
  expect(rowsOf(text)[0]?.fields).toMatchObject({ borrower: 'usr_1', term_months: '1' });
});

test('one JSON object a line is what the API takes', () => {
  const rows = rowsOf('{"borrower_id":"usr_1","purpose":"Roof","amount":1000,"term_months":12}\n{broken\n');
  expect(rows[0]?.fields).toMatchObject({ borrower: 'usr_1', amount: '1000', term_months: '12', grade: '' });
  expect(rows[1]).toMatchObject({ line: 2, fault: 'It is not well-formed JSON.' });
});

test('tabs, and what Excel says in its first line, separate cells too', () => {
  const tabs = `${HEADER}\n${row('Roof')}`.replaceAll(',', '\t');
  expect(rowsOf(tabs)[0]?.fields).toMatchObject({ purpose: 'Roof', apr: '0.07' });
  expect(rowsOf(`sep=;\r\n${HEADER.replaceAll(',', ';')}\r\n${row('Roof').replaceAll(',', ';')}`)[0]).toMatchObject({
    line: 3,
    fields: { purpose: 'Roof' },
  });
});

test('what two readers could read differently is no row', () => {
  const faults = rowsOf(
    '{"amount":"1","amount":"1000"}\n{"amount":1.00000000000000001}\n{"term":1,"term_months":2}\n[1]',
  );
  expect(faults.map(({ fault }) => fault)).toEqual([
    'A name occurs twice in one object.',
    'A reader would silently change the number 1.00000000000000001; send it as a string.',
    'The field “term_months” occurs twice.',
    'This line is no JSON object.',
  ]);
  expect(reasonOf(`${HEADER},apr\n`)).toBe('The header has “apr” twice.');
  expect(reasonOf(`${HEADER}\nG\uFFFDnter`)).toMatch('UTF-8');
});

test('a row with too few cells, or an unknown field, says so', () => {
  expect(rowsOf(`${HEADER}\na,b`)[0]?.fault).toBe('It has 2 cells; the header has 7.');
  expect(rowsOf('{"rate":"0.1"}')[0]?.fault).toBe('There is no field “rate”.');
});

test('a text that is no list says why', () => {
  expect(reasonOf('  ')).toMatch('nothing to read');
  expect(reasonOf(HEADER)).toMatch('no row');
  expect(reasonOf('purpose,amount\nRoof,1')).toBe(
    'The header lacks: borrower, apr, term_months, grade, funding_deadline.',
  );
  expect(reasonOf(`${HEADER},colour\n`)).toMatch('“colour”');
  expect(reasonOf([HEADER, ...Array.from({ length: 1_001 }, () => row('x'))].join('\n'))).toMatch('at most 1000');
});
