export { formatBusinessDate, formatDateTime, formatMonth, formatRelative } from './dates.ts';
export {
  compare,
  formatDecimal,
  negate,
  parseDecimal,
  ratio,
  readAmount,
  signOf,
  subtract,
  sum,
  toDrawing,
} from './decimal.ts';
export { formatCompact, formatCount, formatMoney, formatPercent } from './format.ts';
export { isDay, periodOf } from './period.ts';
export { type CashFlow, type NoRate, type Xirr, xirr } from './xirr.ts';
