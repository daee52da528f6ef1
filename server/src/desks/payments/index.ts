export { createPaymentsDesk } from './desk.ts';
export { createMerchants, type Merchants } from './merchants.ts';
export { holdOf, settlementName } from './names.ts';
export type { PaymentsChange, PaymentsRows } from './rows.ts';
export type { PaymentsOptions } from './settings.ts';
