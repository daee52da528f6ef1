import type { Role, Ticket } from '@millrace/contract';
import type { Caller } from '../../core/caller.ts';
import type { Acting } from './acting.ts';
import type { Authentication } from './authentication.ts';
import { allowedScopes, hashToken, makeToken, tokenKind } from './credentials.ts';
import { isDisabled } from './rows.ts';
import type { IdentityParts, TicketHolder } from './types.ts';

/** Long enough to open a socket at once, too short to be of use in a log that keeps URLs. */
const LIFETIME_MS = 30_000;

const INSERT = `
insert into tickets (token_hash, origin_hash, user_id, acting_for, scopes, expires_at) values ($1, $2, $3, $4, $5, $6)`;
/** The delete is what makes it single-use: of two processes only one gets the row. */
const USE = `
with used as (delete from tickets where token_hash = $1
  returning origin_hash, user_id, acting_for, scopes, expires_at)
select encode(used.origin_hash, 'hex') as origin_hash, used.user_id, used.acting_for, used.scopes, used.expires_at, u.role, u.demo or a.demo as demo,
  coalesce(u.disabled_at, a.disabled_at) as disabled_at
from used join users u on u.id = used.user_id join users a on a.id = used.acting_for`;

interface UsedRow {
  origin_hash: string;
  user_id: string;
  acting_for: string;
  scopes: string[];
  expires_at: Date;
  role: Role;
  demo: boolean;
  disabled_at: Date | null;
}

export interface Tickets {
  issue(caller: Caller, token: string): Promise<Ticket>;
  redeem(ticket: string): Promise<TicketHolder | undefined>;
}

export function createTickets(
  { pool, clock, refuseDemoUsers }: IdentityParts,
  { authentication, acting }: { authentication: Authentication; acting: Acting },
): Tickets {
  async function holderNow(row: UsedRow): Promise<Caller | undefined> {
    const caller = await authentication.ofHash(row.origin_hash);
    return caller && acting.actAs(caller, row.acting_for);
  }

  return {
    async issue(caller, token) {
      const ticket = makeToken('ticket');
      const expiresAt = new Date(clock.now() + LIFETIME_MS);
      await pool.query(INSERT, [
        Buffer.from(hashToken(ticket), 'hex'),
        Buffer.from(hashToken(token), 'hex'),
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
      if (!row || row.expires_at.getTime() <= clock.now() || isDisabled(row, refuseDemoUsers)) return undefined;
      const again = (): Promise<Caller | undefined> => holderNow(row);
      if (!(await again())) return undefined;
      const scopes = allowedScopes(row.role, row.scopes);
      return { caller: { userId: row.user_id, role: row.role, scopes, actingFor: row.acting_for }, again };
    },
  };
}
