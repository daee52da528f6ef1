import type { Role, Ticket } from '@millrace/contract';
import type { Caller } from '../intake.ts';
import { isShutOut } from './rows.ts';
import { allowedScopes } from './scopes.ts';
import { hashToken, makeToken, tokenKind } from './tokens.ts';
import type { IdentityParts } from './types.ts';

/** Long enough to open a socket at once, too short to be of use in a log that keeps URLs. */
const LIFETIME_MS = 30_000;

const INSERT = 'insert into tickets (token_hash, user_id, acting_for, scopes, expires_at) values ($1, $2, $3, $4, $5)';
/** The delete is what makes it single-use: of two processes only one gets the row. */
const USE = `
with used as (delete from tickets where token_hash = $1 returning user_id, acting_for, scopes, expires_at)
select used.user_id, used.acting_for, used.scopes, used.expires_at, u.role, u.demo or a.demo as demo,
  coalesce(u.disabled_at, a.disabled_at) as disabled_at
from used join users u on u.id = used.user_id join users a on a.id = used.acting_for`;

interface UsedRow {
  user_id: string;
  acting_for: string;
  scopes: string[];
  expires_at: Date;
  role: Role;
  demo: boolean;
  disabled_at: Date | null;
}

export interface Tickets {
  issue(caller: Caller): Promise<Ticket>;
  redeem(ticket: string): Promise<Caller | undefined>;
}

export function createTickets({ pool, clock, refuseDemoUsers }: IdentityParts): Tickets {
  return {
    async issue(caller) {
      const ticket = makeToken('ticket');
      const expiresAt = new Date(clock.now() + LIFETIME_MS);
      await pool.query(INSERT, [
        Buffer.from(hashToken(ticket), 'hex'),
        caller.userId,
        caller.actingFor,
        [...caller.scopes],
        expiresAt,
      ]);
      return { ticket, expires_at: expiresAt.toISOString() };
    },
    async redeem(ticket) {
      if (tokenKind(ticket) !== 'ticket') return undefined;
      const { rows } = await pool.query<UsedRow>(USE, [Buffer.from(hashToken(ticket), 'hex')]);
      const [row] = rows;
      if (!row || row.expires_at.getTime() <= clock.now() || isShutOut(row, refuseDemoUsers)) return undefined;
      return {
        userId: row.user_id,
        role: row.role,
        scopes: allowedScopes(row.role, row.scopes),
        actingFor: row.acting_for,
      };
    },
  };
}
