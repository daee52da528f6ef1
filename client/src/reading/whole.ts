import { readNumber } from './number.ts';
import { accept, type Reading, refuse, shown } from './reading.ts';

export interface WholeOptions {
  min: number;
  max: number;
  /** What is counted, for errors: "months". */
  unit?: string;
}

/** Reads a whole number: `36`, ` ３６ `, `1,000`, `36.0`. */
export function readWhole(typed: string, { min, max, unit }: WholeOptions): Reading<number> {
  const range = `a whole number from ${min} to ${max}`;
  const named = unit === undefined ? range : `${range} ${unit}`;
  const number = readNumber(typed, { places: 0 });
  if (!number.ok) {
    if (number.fault === 'ambiguous') return number;
    return refuse(number.fault, number.fault === 'empty' ? `Enter ${named}.` : `${shown(typed)} is not ${named}.`);
  }
  const { isNegative, whole, fraction } = number.value;
  if (/[^0]/.test(fraction)) return refuse('too_precise', `${shown(typed)} is not whole. Enter ${named}.`);
  const value = Number(isNegative ? `-${whole}` : whole) + 0;
  if (value < min) return refuse('too_small', `${shown(typed)} is too few. Enter ${named}.`);
  if (value > max) return refuse('too_large', `${shown(typed)} is too many. Enter ${named}.`);
  return accept(value);
}
