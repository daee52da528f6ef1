export * from './errors.ts';
export * from './events.ts';
export * from './reasons.ts';
export * from './kinds.ts';
export * from './schemas/common.ts';
export * from './schemas/loans.ts';
export * from './schemas/auth.ts';
