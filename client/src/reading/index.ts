export { AMOUNT_UNITS_MAX, type AmountOptions, readAmount } from './amount.ts';
export {
  createCsvReader,
  CSV_MARK,
  csvCell,
  csvLine,
  type CsvReader,
  type CsvRecord,
  readCsvText,
  type TextLine,
} from './csv.ts';
export { type IdPrefix, readId } from './id.ts';
export { type MomentOptions, readMoment } from './moment.ts';
export { type NumberOptions, readNumber, readWhole, type WholeOptions, type WrittenNumber } from './number.ts';
export { type RateOptions, readRate } from './rate.ts';
export { plainText, type Reading, type ReadingFault, type Refused, TYPED_LENGTH_MAX } from './reading.ts';
export { type ColumnOptions, type Columns, columnNamed, readColumns, readRow, type TableRow } from './table.ts';
