import { describe, expect, test } from 'vitest';
import { databaseFault, isDatabaseUnavailable } from './errors.ts';
import { CONNECTION_LOST } from './pool.ts';

const withCode = (code: string): Error => Object.assign(new Error('any'), { code });

describe('what an error means for its transaction', () => {
  test.each(['EPIPE', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', CONNECTION_LOST])(
    'the system’s %s is a lost connection, also where it looks like an SQLSTATE',
    (code) => expect(databaseFault(withCode(code))).toBe('lost'),
  );
  test.each([
    ['08006', 'connection failure'],
    ['57P01', 'server shuts down'],
    ['57P03', 'server starts'],
    ['25P03', 'idle in a transaction'],
    ['25P04', 'transaction took too long'],
  ])('%s (%s): another connection may do it', (code) => expect(databaseFault(withCode(code))).toBe('lost'));
  test.each([
    ['40001', 'serialization failure'],
    ['40P01', 'deadlock'],
    ['55P03', 'lock timeout'],
    ['55006', 'object in use'],
    ['57014', 'statement timeout'],
    ['53200', 'out of memory'],
    ['53300', 'too many connections'],
    ['53400', 'configuration limit'],
  ])('%s (%s): not the data’s fault, later it will do', (code) => expect(databaseFault(withCode(code))).toBe('busy'));
  test.each([
    ['53100', 'disk full'],
    ['58030', 'I/O error'],
    ['25006', 'a standby, or a primary that became one'],
  ])('%s (%s): nothing can commit', (code) => expect(databaseFault(withCode(code))).toBe('unwritable'));
  test.each(['23505', 'XX000', 'XX001'])('%s: the same again may succeed', (code) =>
    expect(databaseFault(withCode(code))).toBe('again'),
  );
  test.each(['23514', '22003', '25P02', '42501'])('%s: refused', (code) =>
    expect(databaseFault(withCode(code))).toBe('refused'),
  );
  test('an error of our own says nothing about the database', () => {
    expect(databaseFault(new TypeError('ours'))).toBeUndefined();
    expect(databaseFault(withCode('database_unsafe'))).toBeUndefined();
  });
});

describe('what a reader is told to try later', () => {
  test.each(['EPIPE', 'ENOENT', CONNECTION_LOST, '57P01', '53300', '57014', '40001', '25006', '53100'])('%s', (code) =>
    expect(isDatabaseUnavailable(withCode(code))).toBe(true),
  );
  test.each(['23505', '22003', 'XX000'])('not %s, which would come again', (code) =>
    expect(isDatabaseUnavailable(withCode(code))).toBe(false),
  );
});
