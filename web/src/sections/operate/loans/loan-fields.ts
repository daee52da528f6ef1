import type { WireCreateLoan } from '@millrace/contract';
import { readAmount } from '../../../money/index.ts';
import { GRADES } from '../../../wording/index.ts';

/** A loan as somebody writes it down: all text. `apr` is a decimal here, as the API has it. */
export interface LoanFields {
  borrower: string;
  purpose: string;
  amount: string;
  apr: string;
  term_months: string;
  grade: string;
  funding_deadline: string;
}

export type FieldName = keyof LoanFields;
export type FieldErrors = Partial<Record<FieldName, string>>;
/** A loan that can be sent once its borrower's id is known. */
export type LoanTerms = Omit<WireCreateLoan, 'borrower_id'>;

export const FIELD_NAMES: readonly FieldName[] = [
  'borrower',
  'purpose',
  'amount',
  'apr',
  'term_months',
  'grade',
  'funding_deadline',
];

export const PURPOSE_LENGTH_MAX = 200;
const TERM_MONTHS_MAX = 480;
const RATE = /^(0|[1-9]\d{0,2})(\.\d{1,6})?$/;
const PERCENT = /^(\d{1,3})(?:[.,](\d{1,4}))?\s*%?$/;

/** "7.25" → "0.0725"; exact. undefined where it is no percentage with at most four places. */
export function readPercent(typed: string): string | undefined {
  const [, whole, fraction = ''] = PERCENT.exec(typed.trim()) ?? [];
  if (whole === undefined) return undefined;
  const millionths = `${whole}${fraction.padEnd(4, '0')}`.padStart(7, '0');
  const text = `${Number(millionths.slice(0, -6))}.${millionths.slice(-6)}`;
  return text.replace(/\.?0+$/, '') || '0';
}

const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?([Zz]|[+-]\d{2}:\d{2})?)?$/;

/**
 * A date or a time as RFC 3339 in UTC. Without a zone it is one of UTC: the same list means the same loans wherever it is
 * read. undefined where it is neither.
 */
export function readMoment(typed: string): string | undefined {
  const [, day, time = '00:00', zone = 'Z'] = MOMENT.exec(typed.trim()) ?? [];
  if (day === undefined) return undefined;
  const moment = new Date(`${day}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

export interface CheckOptions {
  /** Decimal places of the main currency. */
  scale: number;
  /** Milliseconds since 1970. */
  now: number;
}

/** What is wrong with each field, or the loan. */
export function checkFields(
  fields: LoanFields,
  { scale, now }: CheckOptions,
): { errors: FieldErrors; terms: LoanTerms | undefined } {
  const errors: FieldErrors = {};
  const purpose = fields.purpose.trim();
  if (fields.borrower.trim() === '') errors.borrower = 'Say who borrows.';
  if (purpose === '') errors.purpose = 'Say what it is for; investors see it.';
  else if ([...purpose].length > PURPOSE_LENGTH_MAX) errors.purpose = `At most ${PURPOSE_LENGTH_MAX} characters.`;
  const amount = readAmount(fields.amount, scale);
  if (amount === undefined) errors.amount = `A positive amount with at most ${scale} places.`;
  const apr = RATE.test(fields.apr.trim()) ? fields.apr.trim() : undefined;
  if (apr === undefined) errors.apr = 'A yearly rate, such as 0.0725 for 7.25%.';
  const term = /^\d{1,3}$/.test(fields.term_months.trim()) ? Number(fields.term_months) : 0;
  if (term < 1 || term > TERM_MONTHS_MAX) errors.term_months = `1 to ${TERM_MONTHS_MAX} months.`;
  const grade = GRADES.find((one) => one === fields.grade.trim().toUpperCase());
  if (grade === undefined) errors.grade = 'A letter from A to G.';
  const funding_deadline = readMoment(fields.funding_deadline);
  if (funding_deadline === undefined)
    errors.funding_deadline = 'A date, such as 2027-01-31, or a time, such as 2027-01-31T18:00Z.';
  else if (Date.parse(funding_deadline) <= now) errors.funding_deadline = 'The deadline has passed already.';
  if (Object.keys(errors).length > 0) return { errors, terms: undefined };
  if (amount === undefined || apr === undefined || grade === undefined || funding_deadline === undefined)
    return { errors, terms: undefined };
  return { errors, terms: { purpose, amount, apr, term_months: term, grade, funding_deadline } };
}

/** Which field a pointer of the server's is about: `/term_months`. */
export function fieldOf(pointer: string): FieldName | undefined {
  const name = pointer.split('/')[1];
  return name === 'borrower_id' ? 'borrower' : FIELD_NAMES.find((field) => field === name);
}
