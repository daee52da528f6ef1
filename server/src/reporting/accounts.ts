import type pg from 'pg';
import { formatId } from '../core/ids.ts';
import { formatAmount } from '../core/money.ts';
import type { Caller } from '../intake/intake.ts';

/** An account on every wire. Amounts are decimal strings at the asset's scale. */
export interface AccountView {
  /** `acc_…` */
  id: string;
  purpose: string;
  asset: string;
  balance: string;
  /** Set aside for orders that are not final. */
  held: string;
  /** balance − held */
  available: string;
}

export interface AccountQueries {
  /** The caller's accounts by purpose and asset: one for each currency, and one for each loan that the caller funded. */
  list(caller: Caller): Promise<AccountView[]>;
}

const LIST = `
select a.id, a.purpose, a.asset, a.balance, a.held, s.scale
from accounts a join assets s on s.code = a.asset
where a.owner_id = $1::uuid order by a.purpose, a.asset`;

interface AccountRow {
  id: string;
  purpose: string;
  asset: string;
  balance: bigint;
  held: bigint;
  scale: number;
}

export function createAccountQueries({ pool }: { pool: pg.Pool }): AccountQueries {
  return {
    async list(caller) {
      const { rows } = await pool.query<AccountRow>(LIST, [caller.actingFor]);
      return rows.map(({ id, purpose, asset, balance, held, scale }) => ({
        id: formatId('account', id),
        purpose,
        asset,
        balance: formatAmount(balance, scale),
        held: formatAmount(held, scale),
        available: formatAmount(balance - held, scale),
      }));
    },
  };
}
