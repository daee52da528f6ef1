import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { uuidv7 } from '../../src/core/ids.ts';

export interface Person {
  id: string;
  token: string;
}

/** Users with sessions, by SQL: what is tested is orders, not password hashes. The first is an operator. */
export async function makePeople(pool: pg.Pool, count: number): Promise<Person[]> {
  const people = Array.from({ length: count }, () => ({
    id: uuidv7(),
    token: `mrs_${randomBytes(32).toString('base64url')}`,
  }));
  await pool.query(
    `insert into users (id, email, email_key, name, role, created_at)
     select id, id || '@fault', id || '@fault', 'Fault', case when n = 1 then 'operator' else 'investor' end, now()
     from unnest($1::uuid[]) with ordinality as v (id, n)`,
    [people.map(({ id }) => id)],
  );
  await pool.query(
    `insert into sessions (token_hash, user_id, created_at, expires_at)
     select decode(hash, 'hex'), id, now(), now() + interval '1 day' from unnest($1::text[], $2::uuid[]) as v (hash, id)`,
    [people.map(({ token }) => createHash('sha256').update(token).digest('hex')), people.map(({ id }) => id)],
  );
  return people;
}

export interface SentOrder {
  person: Person;
  body: string;
  id: string;
  /** The final status that was acknowledged; undefined where no answer came. */
  acknowledged?: string;
  /** Why no answer came, the last time. */
  excuse?: string;
}

export async function post(
  http: string,
  person: Person,
  path: string,
  body: string,
): Promise<{ status: number; body: { id: string; status: string; code?: string } }> {
  const response = await fetch(`${http}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' },
    body,
  });
  return { status: response.status, body: (await response.json()) as { id: string; status: string } };
}

/** Sends one order under its own id, and notes what was acknowledged. Lost connections and 503 leave it unknown. */
export async function sendOrder(http: string, order: SentOrder): Promise<void> {
  try {
    const answer = await post(http, order.person, '/v1/orders', order.body);
    if (answer.status === 201 || answer.status === 202) order.acknowledged = answer.body.status;
    else if (answer.status !== 503) throw new TypeError(`unexpected ${answer.status}: ${JSON.stringify(answer.body)}`);
    else order.excuse = JSON.stringify(answer.body);
  } catch (error) {
    // fetch reports a lost connection as a TypeError whose cause has a code; anything else is a finding.
    if (error instanceof TypeError && error.message.startsWith('unexpected')) throw error;
    order.excuse = String((error as Error).cause ?? error);
  }
}

/** Money in, across and into a loan: random orders of random people. */
export function randomOrder(people: readonly Person[], loan: string): SentOrder {
  const person = people[1 + Math.floor(Math.random() * (people.length - 1))] as Person;
  const peer = people[1 + Math.floor(Math.random() * (people.length - 1))] as Person;
  const id = `ord_${uuidv7()}`;
  const choice = Math.random();
  const order =
    choice < 0.4
      ? { kind: 'deposit', asset: 'USD', amount: '5.00' }
      : choice < 0.7
        ? { kind: 'transfer', to_user: `usr_${peer.id}`, asset: 'USD', amount: '3.00' }
        : { kind: 'fund_loan', loan_id: loan, amount: '2.00' };
  return { person, id, body: JSON.stringify({ id, ...order }) };
}

/** Keeps `lanes` orders under way until `stopped`, and returns everything that was sent. */
export async function load(
  http: string,
  people: readonly Person[],
  loan: string,
  lanes: number,
  stopped: () => boolean,
): Promise<SentOrder[]> {
  const sent: SentOrder[] = [];
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (!stopped()) {
        const order = randomOrder(people, loan);
        sent.push(order);
        await sendOrder(http, order);
      }
    }),
  );
  return sent;
}

/** Acknowledged orders that the database does not have as they were acknowledged. */
export async function lostOrders(pool: pg.Pool, sent: readonly SentOrder[]): Promise<string[]> {
  const acknowledged = sent.filter((order) => order.acknowledged !== undefined);
  const { rows } = await pool.query<{ id: string; status: string }>(
    'select id, status from orders where id = any($1::uuid[])',
    [acknowledged.map(({ id }) => id.slice(4))],
  );
  const stored = new Map(rows.map(({ id, status }) => [`ord_${id}`, status]));
  return acknowledged.filter((order) => stored.get(order.id) !== order.acknowledged).map(({ id }) => id);
}
