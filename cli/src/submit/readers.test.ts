import { expect, test } from 'vitest';
import { readCsv } from './csv.ts';
import type { Entry } from './entry.ts';
import { LINE_BYTES_MAX, readLines } from './lines.ts';
import { readNdjson } from './ndjson.ts';

async function* chunksOf(text: string | Buffer, size = 7): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text as string);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const ndjson = (text: string | Buffer, kind?: string): Promise<Entry[]> =>
  all(readNdjson(readLines(chunksOf(text)), kind));
const csv = (text: string, kind?: string): Promise<Entry[]> => all(readCsv(readLines(chunksOf(text)), kind));
const faults = (entries: Entry[]): [number, string][] =>
  entries.flatMap((entry) => ('fault' in entry ? [[entry.line, entry.fault] as [number, string]] : []));
const orders = (entries: Entry[]): [number, unknown][] =>
  entries.flatMap((entry) => ('order' in entry ? [[entry.line, entry.order] as [number, unknown]] : []));

test('lines are cut wherever chunks end, with both line ends, a byte order mark and no line end at the end', async () => {
  const text = '\uFEFFeins\r\n\nzwölf €\nlast';
  for (const size of [1, 2, 3, 100]) {
    expect(await all(readLines(chunksOf(text, size)))).toEqual([
      { line: 1, text: 'eins' },
      { line: 2, text: '' },
      { line: 3, text: 'zwölf €' },
      { line: 4, text: 'last' },
    ]);
  }
});

test('a line that is too long or not UTF-8 is a fault of its own, and the next one is read', async () => {
  const text = Buffer.concat([
    Buffer.from(`${'x'.repeat(LINE_BYTES_MAX + 1)}\n`),
    Buffer.from([0xff, 0xfe, 0x0a]),
    Buffer.from('good\n'),
  ]);
  const lines = await all(readLines(chunksOf(text, 1000)));
  expect(lines).toMatchObject([
    { line: 1, fault: expect.stringContaining('longer') },
    { line: 2, fault: expect.stringContaining('UTF-8') },
    { line: 3, text: 'good' },
  ]);
});

test('NDJSON: good lines become orders with their line numbers, bad ones say why, blank ones are nothing', async () => {
  const entries = await ndjson(
    '{"kind":"deposit","amount":"1.00"}\n\nnonsense\n[1]\n{"amount":"1"}\n{"kind":"pay","id":7}\n',
  );
  expect(orders(entries)).toEqual([[1, { kind: 'deposit', amount: '1.00' }]]);
  expect(faults(entries)).toEqual([
    [3, 'It is not well-formed JSON.'],
    [4, 'the line is no JSON object'],
    [5, '`kind` is missing'],
    [6, '`id` must be a string'],
  ]);
});

test.each(['{"kind":"deposit","amount":"1","amount":"1000"}', '{"kind":"pay","a":{"b":1,"b":2}}', '{"__proto__":1}'])(
  'NDJSON: %s, which the API would refuse, is a fault with its line',
  async (text) => {
    const entries = await ndjson(`{"kind":"deposit","amount":"1"}\n${text}\n`);
    expect(faults(entries)).toEqual([[2, expect.stringMatching(/occurs twice|not allowed/)]]);
  },
);

test('NDJSON: a kind for all lines is used where a line names none', async () => {
  const entries = await ndjson('{"amount":"1"}\n{"kind":"pay"}\n', 'deposit');
  expect(orders(entries)).toEqual([
    [1, { kind: 'deposit', amount: '1' }],
    [2, { kind: 'pay' }],
  ]);
});

test.each(['9007199254740993', '0.1234567890123456789', '1e-400', '1e400'])(
  'NDJSON: the number %s would be rounded, so the line is a fault',
  async (number) => {
    expect(faults(await ndjson(`{"kind":"deposit","amount":${number}}`))[0]?.[1]).toContain('would silently change');
  },
);

test.each([`1.${'0'.repeat(60_000)}`, `1e${'9'.repeat(60_000)}`])(
  'NDJSON: a number that is too long to be looked at is a fault',
  async (number) => {
    expect(faults(await ndjson(`{"kind":"deposit","amount":${number}}`))[0]?.[1]).toContain('more than 100 characters');
  },
);

test.each(['1', '25.00', '0.1', '1e3', '9007199254740991', '100000000000000000', '123456789012345.67'])(
  'NDJSON: the number %s is exact and stays',
  async (number) => {
    expect(orders(await ndjson(`{"kind":"deposit","amount":${number}}`))).toEqual([
      [1, { kind: 'deposit', amount: Number(number) }],
    ]);
  },
);

test('CSV: the header names the fields, cells become what their schema wants, empty cells are left out', async () => {
  const text =
    'kind,id,loan_id,amount,allow_partial,merchant,item,quantity,price\nfund_loan,,loan_1,25.00,true,,,,\npay,ord_1,,,,shop,"Bolt, 5""",3,0.10\n';
  expect(orders(await csv(text))).toEqual([
    [2, { kind: 'fund_loan', loan_id: 'loan_1', amount: '25.00', allow_partial: true }],
    [3, { kind: 'pay', id: 'ord_1', merchant: 'shop', item: 'Bolt, 5"', quantity: 3, price: '0.10' }],
  ]);
});

test('CSV: a quoted field may hold line breaks; the order stands on its first line', async () => {
  const entries = await csv('kind,merchant,item,quantity,price\npay,shop,"two\nlines",1,2\npay,shop,one,1,2\n');
  expect(orders(entries).map(([line, order]) => [line, (order as { item: string }).item])).toEqual([
    [2, 'two\nlines'],
    [4, 'one'],
  ]);
});

test('CSV: a quote that is never closed spoils its own line only', async () => {
  const entries = await csv('asset,amount\nUSD,"1\nUSD,2\nUSD,3\n', 'deposit');
  expect(faults(entries)).toEqual([[2, 'a quote is not closed']]);
  expect(orders(entries).map(([line]) => line)).toEqual([3, 4]);
});

test('CSV: a line with another number of fields is a fault, a blank line is nothing', async () => {
  const entries = await csv('asset,amount\nUSD\n\nUSD,1,2\nUSD,5\n', 'deposit');
  expect(faults(entries)).toEqual([
    [2, 'the line has 1 fields, the header 2'],
    [4, 'the line has 3 fields, the header 2'],
  ]);
  expect(orders(entries).map(([line]) => line)).toEqual([5]);
});

test.each([
  ['asset,amonut\n', undefined, 'amonut'],
  ['kind,amount,amount\n', undefined, 'twice'],
  ['asset,amount\n', undefined, 'no "kind"'],
])('CSV: the header %j is refused as a whole', async (text, kind, message) => {
  await expect(csv(text, kind)).rejects.toMatchObject({ exit: 'usage', message: expect.stringContaining(message) });
});

test('CSV: what looks like a prototype’s property is just a field that no order has', async () => {
  await expect(csv('kind,__proto__\npay,x\n')).rejects.toMatchObject({ exit: 'usage' });
});
