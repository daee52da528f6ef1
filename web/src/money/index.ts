export {
  formatBusinessDate,
  formatDuration,
  formatMoment,
  formatDateTime,
  formatMonth,
  formatRelative,
} from './dates.ts';
export {
  compare,
  formatDecimal,
  negate,
  parseDecimal,
  ratio,
  scaleOf,
  signOf,
  subtract,
  sum,
  toDrawing,
  withPlaces,
} from './decimal.ts';
export { drawnAmount } from './drawn.ts';
export { formatCompact, formatCount, formatMoney, formatPercent } from './format.ts';
export { isDay, periodOf } from './period.ts';
export { type CashFlow, type NoRate, type Xirr, xirr } from './xirr.ts';
