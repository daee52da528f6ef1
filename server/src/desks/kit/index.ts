export * as column from './columns.ts';
export { readHeldAssets, readNoteHolders, readUsers, receives, type Users } from './reads.ts';
export { type Key, mustGet, readGroups, readRows, RowGroups, RowSet, rowSetsOf, writeRows } from './row-set.ts';
export { type AnyTable, declaredTables, defineTable, type RowOf, type RowStatement } from './table.ts';
