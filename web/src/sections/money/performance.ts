import type { PortfolioView } from '@millrace/contract';
import { type CashFlow, parseDecimal, subtract, type Xirr, xirr } from '../../money/index.ts';

/** A yearly return after fees and losses; and where loans are in default, what it would be if they paid everything back. */
export interface Performance {
  /** What is still out is counted at par, what loans in default owe as nothing. */
  effective: Xirr;
  withDefaulted: Xirr | null;
}

/**
 * The return on what was put into loans: every day's cash flow, and at last what is still out, as if it came back today.
 * `today` is a business date.
 */
export function performanceOf(portfolio: PortfolioView, today: string): Performance {
  const flows: CashFlow[] = portfolio.cash_flows.map(({ date, amount }) => ({ at: date, amount: unitsOf(amount) }));
  const last = lastDay(flows, today);
  const endingWith = (rest: string): Xirr => {
    const all = [...flows, { at: last, amount: unitsOf(rest) }];
    return isTotalLoss(all) ? TOTAL_LOSS : xirr(all);
  };
  const { outstanding, defaulted } = portfolio;
  return {
    effective: endingWith(subtract(outstanding, defaulted)),
    withDefaulted: unitsOf(defaulted) === 0n ? null : endingWith(outstanding),
  };
}

const TOTAL_LOSS: Xirr = { ok: true, rate: -1 };

/** Money went in, time has passed, and nothing of it came back nor is out any more: no rate makes that even but −100 %. */
function isTotalLoss(flows: readonly CashFlow[]): boolean {
  const paid = flows.filter(({ amount }) => amount < 0n);
  return paid.length > 0 && flows.every(({ amount }) => amount <= 0n) && (paid[0] as CashFlow).at !== flows.at(-1)?.at;
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
