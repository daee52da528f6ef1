import { Writable } from 'node:stream';
import { MillraceError } from '@millrace/client';
import { expect, test } from 'vitest';
import { CliFailure, failureOf } from './failure.ts';
import { createOutput, type OutputFormat, renderFields, renderTable } from './output.ts';

function outputTo(format: OutputFormat) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += chunk;
        done();
      },
    });
  return { written, output: createOutput(format, { stdout: sink('stdout'), stderr: sink('stderr') }) };
}

test('results go to stdout, messages to stderr', () => {
  for (const format of ['json', 'table'] as const) {
    const { written, output } = outputTo(format);
    output.note('working');
    output.result({ a: 1 }, () => 'a  1');
    expect(written.stderr).toBe('working\n');
    expect(written.stdout).toBe(format === 'json' ? '{\n  "a": 1\n}\n' : 'a  1\n');
  }
});

test('one of many results is one line, whatever is in it', () => {
  const { written, output } = outputTo('json');
  output.line({ text: 'two\nlines' }, () => '');
  expect(written.stdout).toBe('{"text":"two\\nlines"}\n');
});

test('columns line up, numbers at their end, and nothing in a cell can move the cursor', () => {
  const rows = [
    { name: 'a\u001b[2Jb', count: 5 },
    { name: '', count: 1234 },
  ];
  const text = renderTable(rows, [
    { title: 'name', value: (row) => row.name },
    { title: 'count', value: (row) => row.count, right: true },
  ]);
  expect(text.split('\n')).toEqual(['NAME    COUNT', 'a�[2Jb      5', '-        1234']);
});

test('fields line up, and what is not there is a dash', () => {
  expect(
    renderFields([
      ['a', 1],
      ['longer', null],
    ]),
  ).toBe('a       1\nlonger  -');
});

test.each([
  [new CliFailure('violations', 'x'), 'violations'],
  [new MillraceError({ code: 'connection_failed', detail: 'x' }), 'unreachable'],
  [new MillraceError({ code: 'not_ready', detail: 'x' }), 'unreachable'],
  [new MillraceError({ code: 'unauthenticated', detail: 'x' }), 'not_allowed'],
  [new MillraceError({ code: 'forbidden', detail: 'x' }), 'not_allowed'],
  [new MillraceError({ code: 'not_found', detail: 'x' }), 'failed'],
  [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'unreachable'],
  [new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]), 'unreachable'],
  [Object.assign(new Error('x'), { code: '28P01' }), 'not_allowed'],
  [Object.assign(new Error('x'), { code: 'embedded_start_failed' }), 'unreachable'],
  [new Error('x'), 'failed'],
  ['x', 'failed'],
])('%s ends as %s', (error, exit) => {
  expect(failureOf(error)).toMatchObject({ exit, message: expect.stringContaining('x') });
});

test('an interruption is told apart from a failure', () => {
  expect(failureOf(new DOMException('x', 'AbortError')).exit).toBe('interrupted');
});

test('the fields that a server names are in the message', () => {
  const error = new MillraceError({
    code: 'invalid_request',
    detail: 'wrong',
    requestId: 'req_1',
    errors: [{ pointer: '/amount', detail: 'must be more' }],
  });
  expect(failureOf(error).message).toBe('wrong (request req_1)\n  /amount: must be more');
});
