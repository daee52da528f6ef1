import { uuidv7 } from '@millrace/server/core/ids';
import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { HttpConnection, postRequest } from '../load/http-connection.ts';

/** As many as a small marketplace has at a time; each has an own account, and orders are spread over them evenly. */
const INVESTORS = 1_000;

export interface Person {
  id: string;
  token: string;
}

/**
 * Users with sessions, written by SQL: a thousand registrations would spend their time on password hashes. Money comes by
 * real deposits.
 */
export async function makePeople(pool: pg.Pool, port: number): Promise<{ operator: Person; investors: Person[] }> {
  const people = Array.from({ length: INVESTORS + 1 }, () => ({
    id: uuidv7(),
    token: `mrs_${randomBytes(32).toString('base64url')}`,
  }));
  const ids = people.map(({ id }) => id);
  await pool.query(
    `insert into users (id, email, email_key, name, role, created_at)
     select id, id || '@bench', id || '@bench', 'Bench', case when n = 1 then 'operator' else 'investor' end, now()
     from unnest($1::uuid[]) with ordinality as v (id, n)`,
    [ids],
  );
  await pool.query(
    `insert into sessions (token_hash, user_id, created_at, expires_at)
     select decode(hash, 'hex'), id, now(), now() + interval '1 day' from unnest($1::text[], $2::uuid[]) as v (hash, id)`,
    [people.map(({ token }) => createHash('sha256').update(token).digest('hex')), ids],
  );
  const [operator, ...investors] = people as [Person, ...Person[]];
  const connections = await Promise.all(Array.from({ length: 50 }, () => HttpConnection.open(port)));
  const body = JSON.stringify({ kind: 'deposit', asset: 'USD', amount: '1000000000.00' });
  const queue = [...investors];
  await Promise.all(
    connections.map(async (connection) => {
      for (let person = queue.pop(); person; person = queue.pop()) {
        const answer = await connection.send(postRequest('/v1/orders', person.token, body));
        if (answer.status !== 201) throw new Error(`a deposit answered ${answer.status}: ${answer.body.toString()}`);
      }
      connection.close();
    }),
  );
  return { operator, investors };
}

/** Loans so large that no run funds one. */
export async function makeLoans(port: number, operator: Person, count: number): Promise<string[]> {
  const connection = await HttpConnection.open(port);
  const loans: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const body = JSON.stringify({
      borrower_id: `usr_${operator.id}`,
      purpose: `Bench ${i}`,
      amount: '900000000000.00',
      apr: '0.10',
      term_months: 36,
      grade: 'B',
      funding_deadline: new Date(Date.now() + 30 * 86_400_000).toISOString(),
    });
    const answer = await connection.send(postRequest('/v1/loans', operator.token, body));
    if (answer.status !== 201) throw new Error(`a loan answered ${answer.status}: ${answer.body.toString()}`);
    loans.push((JSON.parse(answer.body.toString()) as { id: string }).id);
  }
  connection.close();
  return loans;
}
