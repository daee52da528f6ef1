import type { PortfolioView } from '@millrace/contract';
import { formatMonth, subtract, sum, toDrawing } from '../../money/index.ts';

export type ExpectedMonth = PortfolioView['expected'][number];

/** Bars that can be told apart: five years, and the month of today. Longer expectations are drawn by year. */
const BARS_MAX = 61;

/** What is expected in a month or a year: amounts for the table, and as numbers for drawing only. */
export interface ExpectedPeriod {
  label: string;
  principal: string;
  /** After the fee. */
  interest: string;
  total: string;
  drawn: { principal: number; interest: number };
}

/** By month; by year where there are too many months to draw. */
export function periodsOf(months: readonly ExpectedMonth[], barsMax: number = BARS_MAX): ExpectedPeriod[] {
  if (months.length <= barsMax) return months.map((month) => periodOf(formatMonth(month.month), [month]));
  const years = Map.groupBy(months, ({ month }) => month.slice(0, 4));
  return [...years].map(([year, parts]) => periodOf(year, parts));
}

function periodOf(label: string, months: readonly ExpectedMonth[]): ExpectedPeriod {
  const principal = sum(months.map((month) => month.principal));
  const interest = sum(months.map((month) => subtract(month.interest, month.fee)));
  return {
    label,
    principal,
    interest,
    total: sum(months.map(({ total }) => total)),
    drawn: { principal: toDrawing(principal), interest: toDrawing(interest) },
  };
}
