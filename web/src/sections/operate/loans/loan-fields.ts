import {
  plainText,
  readAmount,
  readMoment,
  readRate,
  readWhole,
  type Reading,
  type Refused,
} from '@millrace/client/reading';
import { readableText } from '@millrace/contract/text';
import type { WireCreateLoan, WireInstallation } from '@millrace/contract';
import { formatDecimal, parseDecimal } from '../../../money/index.ts';
import { GRADES } from '../../../wording/index.ts';
import { hasBalloon, planOf } from './annuity.ts';

/** A loan as it was written down: all text. */
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
const DAY_MS = 86_400_000;
export interface CheckOptions {
  currency: WireInstallation['currency'];
  limits: WireInstallation['loan_limits'];
  /** Milliseconds since 1970. */
  now: number;
  /** What a rate without "%" is: a form says "in percent", a list has the wire's decimals. */
  rates: 'percent' | 'fraction';
  /** Whose time a deadline without a zone is. */
  zone: 'UTC' | 'local';
}

/** What is wrong with each field, or the loan. */
export function checkFields(
  fields: LoanFields,
  { currency: { asset, scale }, limits, now, rates, zone }: CheckOptions,
): { errors: FieldErrors; terms: LoanTerms | undefined } {
  // As it will be stored and seen.
  const purpose = readableText(fields.purpose) ?? '';
  const amount = readAmount(fields.amount, { scale, asset, max: limits.amount_max });
  const apr = readRate(fields.apr, { bare: rates, max: limits.rate_max });
  const term = readWhole(fields.term_months, { min: 1, max: limits.term_months_max, unit: 'months' });
  const grade = GRADES.find((one) => one === plainText(fields.grade).toUpperCase());
  const deadline = withinDays(readMoment(fields.funding_deadline, { zone }), now, limits.funding_days_max);
  const read = { amount, apr, term_months: term, funding_deadline: deadline };
  const errors: FieldErrors = {
    ...(fields.borrower.trim() === '' && { borrower: 'Say who borrows.' }),
    ...purposeFault(purpose),
    ...Object.fromEntries(Object.entries(read).flatMap(([name, one]) => (one.ok ? [] : [[name, one.words]]))),
    ...(grade === undefined && { grade: 'A letter from A to G.' }),
  };
  if (amount.ok && apr.ok && term.ok) Object.assign(errors, planFault(amount.value, apr.value, term.value));
  if (Object.keys(errors).length > 0 || !amount.ok || !apr.ok || !term.ok || !grade || !deadline.ok)
    return { errors, terms: undefined };
  return {
    errors,
    terms: {
      purpose,
      amount: amount.value,
      apr: apr.value,
      term_months: term.value,
      grade,
      funding_deadline: deadline.value,
    },
  };
}

function purposeFault(purpose: string): FieldErrors {
  if (purpose === '') return { purpose: 'Say what it is for; investors see it.' };
  const length = [...purpose].length;
  if (length > PURPOSE_LENGTH_MAX)
    return { purpose: `These are ${length} characters, at most ${PURPOSE_LENGTH_MAX} are taken.` };
  return {};
}

function withinDays(deadline: Reading<string>, now: number, daysMax: number): Reading<string> {
  if (!deadline.ok) return deadline;
  const ms = Date.parse(deadline.value);
  if (ms <= now) return refused('too_small', 'The deadline has passed already.');
  if (ms <= now + daysMax * DAY_MS) return deadline;
  const last = new Date(now + daysMax * DAY_MS).toISOString().slice(0, 10);
  return refused('too_large', `This is more than ${daysMax} days away; the last day that is taken is ${last}.`);
}

const refused = (fault: Refused['fault'], words: string): Refused => ({ ok: false, fault, words });

/** Terms that cannot be paid back in even payments of whole cents. */
function planFault(amount: string, apr: string, months: number): FieldErrors {
  const { units, scale } = parseDecimal(amount);
  if (units < BigInt(months)) return { amount: `This is less than the smallest coin for each of ${months} months.` };
  const plan = planOf(amount, apr, months);
  if (!hasBalloon(plan)) return {};
  const [payment, last] = [plan.payment, plan.last].map((value) => formatDecimal({ units: value, scale }));
  return {
    term_months: `Rounded, ${months} payments of ${payment} would leave a last one of ${last}: choose a shorter term, a lower rate or a larger amount.`,
  };
}

/** Which field a pointer of the server's is about: `/term_months`. */
export function fieldOf(pointer: string): FieldName | undefined {
  const name = pointer.split('/')[1];
  return name === 'borrower_id' ? 'borrower' : FIELD_NAMES.find((field) => field === name);
}
