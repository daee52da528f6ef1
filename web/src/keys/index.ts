export { KeyTable, type KeyTableProps } from './key-table.tsx';
