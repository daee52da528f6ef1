import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureOperatorPassword } from '../../src/ops/demo/access.ts';
import { ensurePeople, LOGINS } from '../../src/ops/demo/people.ts';
import { startTestCore, type TestCore } from '../support/core.ts';

let here: TestCore;
let dataFolder: string;
let operatorId: string;

beforeAll(async () => {
  here = await startTestCore();
  dataFolder = mkdtempSync(join(tmpdir(), 'millrace-demo-operator-'));
  const cast = await ensurePeople({ pool: here.pool, identity: here.core.identity });
  operatorId = cast.get('operator')?.userId as string;
});
afterAll(async () => {
  await here?.stop();
  rmSync(dataFolder, { recursive: true });
});

const { email, password: known } = LOGINS.operator;
const from = { address: '192.0.2.1' };
const ensure = (isOpen: boolean) =>
  ensureOperatorPassword({ dataFolder, identity: here.core.identity, operatorId, isOpen });
const logIn = async (password: string) => (await here.core.identity.login({ email, password }, from)).ok;

test('the operator of a demonstration that strangers can reach has a password that they do not know', async () => {
  expect(await ensure(false)).toBe(known);
  const session = await here.core.identity.login({ email, password: known }, from);
  const own = await ensure(true);
  expect(own).not.toBe(known);
  expect([await logIn(known), await logIn(own)]).toEqual([false, true]);
  // Sessions of before have ended.
  expect(session.ok && (await here.core.identity.authenticate(session.value.token))).toBeUndefined();
  expect(await ensure(true)).toBe(own);
  expect((statSync(join(dataFolder, 'demo-operator.key')).mode & 0o077).toString(8)).toBe('0');
  expect(await ensure(false)).toBe(known);
  expect([await logIn(known), await logIn(own)]).toEqual([true, false]);
});

test('the logins of a demonstration are everybody’s: nobody changes their passwords for the others', async () => {
  const session = await here.core.identity.login(
    { email: LOGINS.investor.email, password: LOGINS.investor.password },
    from,
  );
  if (!session.ok) throw new Error('no session');
  const { token } = session.value;
  const caller = await here.core.identity.authenticate(token);
  const changed = await here.core.identity.changePassword(
    caller!,
    token,
    { current_password: LOGINS.investor.password, new_password: 'a quite different sentence' },
    from,
  );
  expect(changed).toMatchObject({ ok: false, problem: { code: 'forbidden' } });
});
