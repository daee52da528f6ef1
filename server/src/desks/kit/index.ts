export * as column from './columns.ts';
export { type Key, readGroups, readRows, RowGroups, RowSet, rowSetsOf, writeRows } from './row-set.ts';
export { declaredTables, defineTable, type RowOf } from './table.ts';
