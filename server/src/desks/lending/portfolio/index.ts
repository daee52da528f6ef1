import { CASH_FLOWS_MAX, EXPECTED_MONTHS_MAX, type HoldingView, type PortfolioView } from '@millrace/contract';
import type { Caller } from '../../../core/caller.ts';
import { dateOf } from '../../../core/clock.ts';
import { type Asset, formatAmount } from '../../../core/money.ts';
import { type Page, problem, type Result } from '../../../core/result.ts';
import { cashOf } from '../../../ledger/index.ts';
import type { DeskContext } from '../../module.ts';
import type { LendingSettings } from '../settings.ts';
import { EXPECTED_PARTS } from './expected.ts';
import { type HoldingOptions, listHoldings } from './holdings.ts';
import { MOVEMENTS, type Movements, outstandingOf } from './movements.ts';

/**
 * What an investor has in loans: the sums come from the statement of the cash account, so that they agree with the ledger
 * to the cent. The work grows with what the caller owns and with what came since the last call, never with what others own.
 */
export interface PortfolioQueries {
  /** Errors: `invalid_request` (no such asset), `not_ready`. */
  get(caller: Caller, options: { asset?: string | undefined }): Promise<Result<PortfolioView>>;
  /** Errors: `invalid_request` (no such asset), `invalid_cursor`, `not_ready`. */
  holdings(
    caller: Caller,
    options: HoldingOptions & { asset?: string | undefined },
  ): Promise<Result<Page<HoldingView>>>;
}

const CASH = `
select balance, held from accounts where owner_id = $1::uuid and purpose = 'cash' and asset = $2::text`;
// Notes of a loan are what was invested in, never what with.
const ASSET = "select code, scale from assets where code = $1::text and code not like 'loan:%'";

const TOTALS = `
select coalesce(sum(own.outstanding) filter (where l.status not in ('open', 'expired', 'closed')), 0) as invested,
  coalesce(sum(own.outstanding) filter (where l.status in ('open', 'expired', 'closed')), 0) as committed,
  coalesce(sum(own.outstanding) filter (where l.status = 'late'), 0) as late,
  coalesce(sum(own.outstanding) filter (where l.status = 'defaulted'), 0) as defaulted,
  round(sum(own.outstanding * l.apr) filter (where l.status in ('repaying', 'late'))
    / nullif(sum(own.outstanding) filter (where l.status in ('repaying', 'late')), 0), 6)::text as nominal_rate,
  coalesce(sum(div(paid.fee * own.funded, l.amount)), 0) as fees
from unnest($1::uuid[], $2::bigint[], $3::bigint[]) as own (id, funded, outstanding)
join loans l on l.id = own.id
left join lateral (select sum(i.fee) as fee from installments i where i.loan_id = l.id and i.status = 'paid') as paid on true`;

const EXPECTED = `
select to_char(greatest(due_date, $5::date), 'YYYY-MM') as month, sum(principal) as principal,
  sum(interest) as interest, sum(fee) as fee
from (${EXPECTED_PARTS}) as part group by month order by month limit ${EXPECTED_MONTHS_MAX}`;

/** Sums and balances are numeric, which comes as text. */
interface TotalsRow {
  invested: string;
  committed: string;
  late: string;
  defaulted: string;
  /** Of what is owed by loans that are not in default, weighted; null where nothing is. */
  nominal_rate: string | null;
  fees: string;
}

interface MonthRow {
  month: string;
  principal: string;
  interest: string;
  fee: string;
}

interface CashRow {
  balance: string;
  held: string;
}

export function createPortfolioQueries(
  { pool, clock, readers }: Pick<DeskContext, 'pool' | 'clock' | 'readers'>,
  { currency, feeMillionths }: LendingSettings,
): PortfolioQueries {
  const reader = readers.sums(MOVEMENTS);

  async function assetOf(code: string | undefined): Promise<Result<Asset>> {
    if (code === undefined) return { ok: true, value: currency };
    const { rows } = await pool.query<Asset>(ASSET, [code]);
    if (rows[0]) return { ok: true, value: rows[0] };
    const errors = [{ pointer: '/asset', detail: 'does not exist here' }];
    return problem('invalid_request', 'There is no such asset.', { errors });
  }

  return {
    async get({ actingFor }, options) {
      const asset = await assetOf(options.asset);
      if (!asset.ok) return asset;
      const movements = await reader.read(cashOf(actingFor, asset.value.code));
      if (!movements.ok) return movements;
      const own = [...movements.value.subjects];
      const parameters = [
        own.map(([loanId]) => loanId),
        own.map(([, loan]) => loan.funded),
        own.map(([, loan]) => outstandingOf(loan)),
      ];
      const today = dateOf(clock.now());
      const [cash, totals, months] = await Promise.all([
        pool.query<CashRow>(CASH, [actingFor, asset.value.code]),
        pool.query<TotalsRow>(TOTALS, parameters),
        pool.query<MonthRow>(EXPECTED, [actingFor, asset.value.code, feeMillionths, null, today]),
      ]);
      const value = portfolioView(asset.value, movements.value, {
        ...(cash.rows[0] ?? { balance: '0', held: '0' }),
        ...(totals.rows[0] as TotalsRow),
        months: months.rows,
      });
      return { ok: true, value };
    },
    async holdings({ actingFor }, options) {
      const asset = await assetOf(options.asset);
      if (!asset.ok) return asset;
      const movements = await reader.read(cashOf(actingFor, asset.value.code));
      if (!movements.ok) return movements;
      const owner = { userId: actingFor, asset: asset.value, feeMillionths, movements: movements.value };
      return listHoldings(pool, owner, options);
    },
  };
}

interface Found extends TotalsRow, CashRow {
  months: readonly MonthRow[];
}

function portfolioView({ code, scale }: Asset, movements: Movements, found: Found): PortfolioView {
  const text = (minor: bigint | string): string => formatAmount(BigInt(minor), scale);
  const [balance, invested, late, defaulted, committed] = [
    BigInt(found.balance),
    BigInt(found.invested),
    BigInt(found.late),
    BigInt(found.defaulted),
    BigInt(found.committed),
  ];
  const loans = [...movements.subjects.values()];
  const sum = (name: 'funded' | 'refunded' | 'principal' | 'interest'): string =>
    text(loans.reduce((all, loan) => all + loan[name], 0n));
  const days = [...movements.days].filter(([, amount]) => amount !== 0n).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    asset: code,
    cash: text(balance),
    held: text(found.held),
    invested: text(invested),
    performing: text(invested - late - defaulted),
    late: text(late),
    defaulted: text(defaulted),
    value: text(balance + invested - defaulted + committed),
    nominal_rate: found.nominal_rate,
    committed: text(committed),
    outstanding: text(invested + committed),
    funded: sum('funded'),
    principal_repaid: sum('principal'),
    refunded: sum('refunded'),
    interest_received: sum('interest'),
    fees_paid: text(found.fees),
    holdings_count: loans.length,
    expected: found.months.map(({ month, principal, interest, fee }) => ({
      month,
      principal: text(principal),
      interest: text(BigInt(interest) + BigInt(fee)),
      fee: text(fee),
      total: text(BigInt(principal) + BigInt(interest)),
    })),
    cash_flows: days.slice(-CASH_FLOWS_MAX).map(([date, amount]) => ({ date, amount: text(amount) })),
  };
}
