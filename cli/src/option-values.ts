import {
  type IdPrefix,
  type Reading,
  readAmount,
  readId,
  readMoment,
  readRate,
  readWhole,
} from '@millrace/client/reading';
import { InvalidArgumentError } from 'commander';

function valueOf<Value>(reading: Reading<Value>): Value {
  if (reading.ok) return reading.value;
  throw new InvalidArgumentError(reading.words);
}

export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => valueOf(readWhole(text, { min, max }));
}

/** A decimal string. Of which asset it is, and how many places that has, the server knows. */
export function amountText(text: string): string {
  return valueOf(readAmount(text, { scale: undefined }));
}

/** An id, however it was pasted: in capitals, or as the address of a page. */
export function idText(prefix: IdPrefix): (text: string) => string {
  return (text) => valueOf(readId(text, prefix));
}

/** The wire's limit; the installation may have a lower one, which it says itself. */
const RATE_MAX = '999.999999';

export function rateText(text: string): string {
  return valueOf(readRate(text, { bare: 'fraction', max: RATE_MAX }));
}

const DAY_MS = 86_400_000;
const DAYS_MAX = 36_525;

/** A number of days from now, or a time; one without a zone is one of UTC. */
export function deadlineText(text: string): string {
  if (!/^\s*\d{1,5}\s*$/.test(text)) return valueOf(readMoment(text, { zone: 'UTC' }));
  const days = valueOf(readWhole(text, { min: 1, max: DAYS_MAX, unit: 'days' }));
  return new Date(Date.now() + days * DAY_MS).toISOString();
}
