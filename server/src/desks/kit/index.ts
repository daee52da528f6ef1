export { pageOfTable, readRow, readTime } from './lists.ts';
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
export { defineDesk, type KindRules, type Named } from './define-desk.ts';
export { type Due, dueOf, dueRows } from './due.ts';
export { type CommandOf, type KindOfDesk, ownerOf, uuidIn } from './kinds.ts';
export { Lookup, must } from './part.ts';
export { HeldAssets, NoteHolders, receives, Users } from './reads.ts';
export { type Key, RowGroups, RowSet, rowSetsOf } from './row-set.ts';
export { type AnyTable, declaredTables, defineTable, type RowOf, type RowStatement } from './table.ts';
