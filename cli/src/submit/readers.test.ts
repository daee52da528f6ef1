import { expect, test } from 'vitest';
import { readCsv } from './csv.ts';
import { type Entry, readNdjson } from './entry.ts';
import { LINE_BYTES_MAX, readLines } from './input.ts';

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
const csv = (text: string | Buffer, kind?: string): Promise<Entry[]> =>
  all(readCsv(readLines(chunksOf(text)), { kind, currency: { asset: 'USD', scale: 2 } }));
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
  expect(faults(entries)).toEqual([[2, 'A quote is not closed.']]);
  expect(orders(entries).map(([line]) => line)).toEqual([3, 4]);
});

test('CSV: a line with another number of fields is a fault, a blank line is nothing', async () => {
  const entries = await csv('asset,amount\nUSD\n\nUSD,1,2\nUSD,5\n', 'deposit');
  expect(faults(entries)).toEqual([
    [2, 'It has 1 cells; the header has 2.'],
    [4, 'It has 3 cells; the header has 2.'],
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

const DEPOSIT = [2, { kind: 'deposit', asset: 'USD', amount: '1234.50' }];
const FUNDING = [2, { kind: 'fund_loan', loan_id: 'loan_0192abcd-0000-7000-8000-00000000beef', amount: '25' }];

test.each([
  ['semicolons and a decimal comma', 'kind;asset;amount\ndeposit;USD;1.234,50\n', DEPOSIT],
  ['tabs, CR LF and a byte order mark', '\uFEFFkind\tasset\tamount\r\ndeposit\tUSD\t1,234.50\r\n', DEPOSIT],
  [
    'what Excel says in a line before the header',
    'sep=;\r\nkind;asset;amount\r\ndeposit;USD;1234,5\r\n',
    [3, { ...(DEPOSIT[1] as object), amount: '1234.50' }],
  ],
  ['line ends of old Macs', 'kind,asset,amount\rdeposit,USD,1234.50\r', DEPOSIT],
  ['no line end at the end', 'kind,asset,amount\ndeposit,USD,1234.50', DEPOSIT],
  ['a header and a kind in other letters', '"Kind", ASSET ,Amount\nDeposit,USD,1234.50\n', DEPOSIT],
  ['quotes around every cell, a separator in one', '"kind","asset","amount"\n"deposit","USD","1,234.50"\n', DEPOSIT],
  ['a sign of the currency', 'kind,asset,amount\ndeposit,USD,"$1,234.50"\n', DEPOSIT],
  ['columns and lines that are empty', 'kind,asset,amount,,\n\ndeposit,USD,1234.50,,\n,,,,\n', [3, DEPOSIT[1]]],
  [
    'a page’s address as an id',
    `Kind,Loan ID,Amount\nFund Loan,https://money.example/loans/${(FUNDING[1] as { loan_id: string }).loan_id}?tab=1,25\n`,
    FUNDING,
  ],
])('CSV of spreadsheets: %s', async (_name, text, order) => {
  const entries = await csv(text);
  expect(faults(entries)).toEqual([]);
  expect(orders(entries)).toEqual([order]);
});

test.each([
  ['0,500', 'amount: “0,500” can mean 0.50 or 500. Write 0.50 or 500.'],
  ['1.000', 'amount: “1.000” can mean 1.00 or 1000. Write 1.00 or 1000.'],
  [
    '1E+05',
    'amount: “1E+05” is short for a longer number, and digits may be lost. Write the number with all its digits.',
  ],
  ['€25', 'amount: “€25” is not in USD. Write the amount in USD.'],
  ['12.345', 'amount: “12.345” has 3 decimal places, and USD has 2. If you mean thousands, write 12345.'],
])('CSV: the amount %j is a fault that says what may be meant', async (amount, words) => {
  expect(faults(await csv(`kind;asset;amount\ndeposit;USD;${amount}\n`))).toEqual([[2, words]]);
});

test('CSV: an amount of a loan, whose asset the file does not tell, is taken only where it means one thing in all of them', async () => {
  const read = async (amount: string) => csv(`loan_id;amount\nloan_1;${amount}\n`, 'fund_loan');
  for (const amount of ['1.000', '12,500', '1,125']) expect(faults(await read(amount))[0]?.[1]).toContain('can mean');
  expect(orders(await read('1.234,50'))).toEqual([[2, { kind: 'fund_loan', loan_id: 'loan_1', amount: '1234.50' }]]);
});

test.each([
  ['UTF-16 with its mark', Buffer.from('\uFEFFkind,amount\n', 'utf16le')],
  ['UTF-16 without one', Buffer.from('kind,amount\n', 'utf16le')],
  ['UTF-16, big end first', Buffer.from('\uFEFFkind,amount\n', 'utf16le').swap16()],
])('a text in %s is refused as a whole, with what helps', async (_name, bytes) => {
  const refusal = { exit: 'usage', message: expect.stringContaining('UTF-16'), hint: expect.stringContaining('UTF-8') };
  await expect(csv(bytes)).rejects.toMatchObject(refusal);
  await expect(ndjson(bytes)).rejects.toMatchObject(refusal);
});

test('a NUL is a fault of its line, and says so', async () => {
  const entries = await ndjson('{"kind":"deposit"}\n{"kind":"dep\u0000osit"}\n{"kind":"pay"}');
  expect(faults(entries)).toEqual([[2, expect.stringContaining('NUL')]]);
  expect(orders(entries)).toHaveLength(2);
});

test('CSV: no more of a file is read than the orders that are taken of it', async () => {
  let chunks = 0;
  async function* endless(): AsyncGenerator<Buffer> {
    yield Buffer.from('asset,amount\n');
    for (;;) {
      chunks += 1;
      yield Buffer.from('USD,1.00\nUSD,"2.00"\n'.repeat(100));
    }
  }
  let taken = 0;
  for await (const entry of readCsv(readLines(endless()), { kind: 'deposit' })) {
    if ('order' in entry) taken += 1;
    if (taken === 20_000) break;
  }
  expect(chunks).toBe(100);
});
