export { AMOUNT_UNITS_MAX, type AmountOptions, readAmount } from './amount.ts';
export { createCsvReader, type CsvReader, type CsvRecord, readCsvText, type TextLine } from './csv.ts';
export { CSV_MARK, csvCell, csvLine } from './csv-writing.ts';
export { readId } from './id.ts';
export { type MomentOptions, readMoment } from './moment.ts';
export { type NumberOptions, readNumber, type WrittenNumber } from './number.ts';
export { type RateOptions, readRate } from './rate.ts';
export { plainText, type Reading, type ReadingFault, type Refused, TYPED_LENGTH_MAX } from './reading.ts';
export { readWhole, type WholeOptions } from './whole.ts';
