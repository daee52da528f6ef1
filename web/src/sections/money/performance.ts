import type { PortfolioView } from '@millrace/contract';
import { type CashFlow, parseDecimal, subtract, type Xirr, xirr } from '../../money/index.ts';

/** A yearly return, with what is still out counted at par; and where loans are in default, as if those brought nothing more. */
export interface Performance {
  atPar: Xirr;
  withoutDefaulted: Xirr | null;
}

/**
 * The return on what was put into loans: every day's cash flow, and at last what is still out, as if it came back today.
 * `today` is a business date.
 */
export function performanceOf(portfolio: PortfolioView, today: string): Performance {
  const flows: CashFlow[] = portfolio.cash_flows.map(({ date, amount }) => ({ at: date, amount: unitsOf(amount) }));
  const endingWith = (rest: string): Xirr => xirr([...flows, { at: lastDay(flows, today), amount: unitsOf(rest) }]);
  const { outstanding, defaulted } = portfolio;
  return {
    atPar: endingWith(outstanding),
    withoutDefaulted: unitsOf(defaulted) === 0n ? null : endingWith(subtract(outstanding, defaulted)),
  };
}

/** All amounts of a portfolio have the places of its asset. */
function unitsOf(amount: string): bigint {
  return parseDecimal(amount).units;
}

/** A clock that is behind the server's must not value the holdings before the money went into them. */
function lastDay(flows: readonly CashFlow[], today: string): string {
  const last = flows.at(-1)?.at ?? today;
  return last > today ? last : today;
}
