export { cursorOf, pageOf, readCursor, readMatching, type ReadPart, readUuid } from '../../core/list-cursor.ts';
export * as column from './columns.ts';
export {
  amountIn,
  completed,
  eventAbout,
  orderEvent,
  pending,
  readAmount,
  userEvent,
  whyNotMoved,
} from './decisions.ts';
export { byKind, type ByKind, type CommandOf, type KindOfDesk, ownerOf, uuidIn } from './kinds.ts';
export { readHeldAssets, readNoteHolders, readUsers, receives, type Users } from './reads.ts';
export { type Key, mustGet, readGroups, readRows, RowGroups, RowSet, rowSetsOf, writeRows } from './row-set.ts';
export { type AnyTable, declaredTables, defineTable, type RowOf, type RowStatement } from './table.ts';
