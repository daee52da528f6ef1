import type pg from 'pg';
import type { Caller } from '../core/caller.ts';
import { formatId } from '../core/ids.ts';
import { ofUsers } from '../ledger/index.ts';
import { cursorOf, PAGE_SIZE_MAX, pageOf, readCursor, readMatching } from '../core/list-cursor.ts';
import { formatAmount } from '../core/money.ts';
import type { Page, Result } from '../core/result.ts';

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
  /**
   * The caller's accounts by purpose and asset: one for each currency, and one for each loan that the caller funded.
   * Error: `invalid_cursor`.
   */
  list(caller: Caller, options: { limit: number; cursor?: string | undefined }): Promise<Result<Page<AccountView>>>;
}

const NAME = 'accounts';

/** A purpose or an asset: words without a blank. */
const readWord = readMatching(/[!-~]{1,64}/);

/** For statements that call the table of accounts `a` and that of assets `s`. */
export const ACCOUNT_COLUMNS = 'a.id, a.purpose, a.asset, a.balance, a.held, s.scale';

const LIST = `
select ${ACCOUNT_COLUMNS}
from accounts a join assets s on s.code = a.asset
where a.owner_id = $1::uuid and ${ofUsers('a')} and ($2::text is null or (a.purpose, a.asset) > ($2::text, $3::text))
order by a.purpose, a.asset limit $4::integer`;

export interface AccountRow {
  id: string;
  purpose: string;
  asset: string;
  /** Balances are numeric, which comes as text. */
  balance: string;
  held: string;
  scale: number;
}

export function createAccountQueries({ pool }: { pool: pg.Pool }): AccountQueries {
  return {
    async list(caller, options) {
      const after = readCursor(NAME, options.cursor, [readWord, readWord]);
      if (!after.ok) return after;
      const limit = Math.min(options.limit, PAGE_SIZE_MAX);
      const { rows } = await pool.query<AccountRow>(LIST, [caller.actingFor, ...after.value, limit + 1]);
      const cursor = ({ purpose, asset }: AccountRow): string => cursorOf(NAME, purpose, asset);
      return { ok: true, value: pageOf(rows, limit, { view: toAccountView, cursor }) };
    },
  };
}

export function toAccountView({ id, purpose, asset, scale, ...row }: AccountRow): AccountView {
  const [balance, held] = [BigInt(row.balance), BigInt(row.held)];
  return {
    id: formatId('account', id),
    purpose,
    asset,
    balance: formatAmount(balance, scale),
    held: formatAmount(held, scale),
    available: formatAmount(balance - held, scale),
  };
}
