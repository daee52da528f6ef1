import { idsIn } from '@millrace/contract/search-text';

/** A text that may be an id, or the beginning of one. */
export interface IdSearch {
  /** The prefix that was given: `usr`, `ord`, …; undefined where there was none. */
  prefix: string | undefined;
  /** The least and the greatest UUID that begins so. */
  from: string;
  to: string;
}

/** Fewer digits of a time-ordered id name weeks of ids. */
const DIGITS_MIN = 8;

const TEXT = /^(?:([a-z]{2,4})_)?([0-9a-f-]+)$/;

/**
 * `ord_0190abcd`, `0190abcd-12`, `0190ABCD…` → the range of UUIDs; undefined where the text does not look like an id. One
 * whole id may stand in any text, such as a page's address.
 */
export function parseIdSearch(text: string): IdSearch | undefined {
  const [pasted, another] = idsIn(text);
  const match = TEXT.exec(pasted && !another ? pasted.id : text.trim().toLowerCase());
  const digits = match?.[2]?.replaceAll('-', '') ?? '';
  if (digits.length < DIGITS_MIN || digits.length > 32) return undefined;
  return { prefix: match?.[1], from: uuidOf(digits.padEnd(32, '0')), to: uuidOf(digits.padEnd(32, 'f')) };
}

function uuidOf(digits: string): string {
  const parts = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)];
  return parts.join('-');
}
