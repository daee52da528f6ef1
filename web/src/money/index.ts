export { type ExpectedPayment, type ScheduledPayment, shareOfSchedule } from './cash-flows.ts';
export { formatBusinessDate, formatDate, formatDateTime, formatMonth, formatRelative } from './dates.ts';
export { compare, negate, parseDecimal, ratio, readAmount, signOf, subtract, sum, toDrawing } from './decimal.ts';
export { formatCompact, formatCount, formatMoney, formatPercent } from './format.ts';
export { type CashFlow, type NoRate, type Xirr, xirr } from './xirr.ts';
