/**
 * Starts the server of the tree that this file lies in, and tries the example desk of `docs/adding-a-desk.md` over HTTP. A program
 * of its own: the desk is in its tree's lists and not in those of the tests. Arguments: the database's URL, a data folder.
 */
import { settableClock } from '../../src/core/clock.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { loadConfig } from '../../src/config.ts';
import { uuidOfName } from '../../src/core/ids.ts';
import type { Desk } from '../../src/desks/desk.ts';
import { DESKS } from '../../src/desks/index.ts';
import { createLog } from '../../src/ops/log.ts';
import { verify } from '../../src/ops/verify.ts';
import { startPlatform } from '../../src/platform.ts';
import { type Ask, createWorld } from './desk-world.ts';

const [url, data] = process.argv.slice(2) as [string, string];
const clock = settableClock(Date.now());
const flags = ['--no-demo', '--gateway', 'simulated', '--starting-balance', '100.00', '--envelope-days-max', '2'];
const config = loadConfig({ argv: ['--database-url', url, '--data', data, '--port', '0', ...flags], env: {} }).values;
const log = createLog('silent');
const platform = await startPlatform({ config, log, clock });

type Json = Record<string, unknown>;
async function call(method: string, path: string, token: string | undefined, body?: Json): Promise<Json> {
  const answer = await fetch(`${platform.http}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { http: answer.status, ...((await answer.json()) as Json) };
}

async function person(name: string): Promise<string> {
  const body = { email: `${name}@test.example`, password: `the long word of ${name}`, name };
  return (await call('POST', '/v1/auth/registration', undefined, body))['token'] as string;
}

const inSeconds = (seconds: number): string => new Date(clock.now() + seconds * 1000).toISOString();
const cash = async (token: string): Promise<unknown> =>
  ((await call('GET', '/v1/accounts', token))['data'] as Json[]).find(({ purpose }) => purpose === 'cash')?.['balance'];

const [ann, ben] = [await person('ann'), await person('ben')];
const order = (token: string, body: Json): Promise<Json> => call('POST', '/v1/orders', token, body);
const fill = { kind: 'fill_envelope', asset: 'USD', amount: '30.00' };
const first = await order(ann, { ...fill, expires_at: inSeconds(60) });
const second = await order(ann, { ...fill, amount: '20.00', expires_at: inSeconds(60) });
const idOf = (filled: Json): string => (filled['result'] as Json)['envelope_id'] as string;
const tooLong = await order(ann, { ...fill, expires_at: inSeconds(3 * 86_400) });
const tooMuch = await order(ann, { ...fill, amount: '60.00', expires_at: inSeconds(60) });
const taken = await order(ben, { kind: 'take_envelope', envelope_id: idOf(first) });
const again = await order(ben, { kind: 'take_envelope', envelope_id: idOf(first) });
const foreign = await call('GET', `/v1/envelopes/${idOf(first)}`, ben);
const page = await call('GET', '/v1/envelopes?limit=1', ann);
const next = await call('GET', `/v1/envelopes?limit=1&cursor=${String(page['next_cursor'])}`, ann);
clock.advance(120_000);
await platform.orderPath.scheduler.runDue();
const expired = await call('GET', `/v1/envelopes/${idOf(second)}`, ann);
const explained = await call('GET', `/v1/orders/${String(first['id'])}/explanation`, ann);
const told = await call('GET', '/v1/notifications', ann);
const balances = { ann: await cash(ann), ben: await cash(ben) };

await platform.stop();

/** Accounts that a batch names: as many envelopes are filled as taken, each by another user. */
async function accountsOf(count: number): Promise<number> {
  const file = '../../src/desks/envelopes/desk.ts';
  const { createEnvelopesDesk } = (await import(file)) as { createEnvelopesDesk(settings: { daysMax: number }): Desk };
  const batch = Array.from({ length: count }, (_, index): Ask[] => {
    const id = uuidOfName(`envelope ${index}`);
    const params = { asset: 'USD', amount: '1.00', expires_at: inSeconds(60) };
    return [
      { kind: 'fill_envelope', id, userId: uuidOfName(`giver ${index}`), params },
      { kind: 'take_envelope', userId: uuidOfName(`user ${index}`), params: { envelope_id: `env_${id}` } },
    ];
  });
  const { accounts } = await createWorld(createEnvelopesDesk({ daysMax: 2 })).read(batch.flat());
  return accounts.length;
}

const database = await openDatabase({ ...config, log });
const report = await verify(database.pool, { checks: DESKS.flatMap(({ checks }) => checks) });
await database.close();
const { data: types } = told as { data: Json[] };
process.stdout.write(
  `${JSON.stringify({
    filled: [first, second].map(({ http, status }) => ({ http, status })),
    refused: [tooLong, tooMuch].map(({ http, code, reason }) => code ?? reason ?? http),
    taken: [taken, again].map(({ status, reason }) => reason ?? status),
    foreign: foreign['http'],
    pages: [page, next].map(({ data: listed, has_more }) => [(listed as Json[])[0]?.['status'], has_more]),
    expired: expired['status'],
    summary: explained['summary'],
    told: types.map(({ type }) => type).filter((type) => String(type).startsWith('envelope_')),
    balances,
    named: await accountsOf(1_000),
    broken: report.checks.filter(({ ok }) => !ok).map(({ name }) => name),
    checked: report.checks.filter(({ name }) => name.startsWith('envelopes')).map(({ name }) => name),
  })}\n`,
);
