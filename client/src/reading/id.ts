import { idsIn } from '@millrace/contract/search-text';
import { ID_PREFIXES } from '@millrace/contract/vocabulary';
import { accept, isSeveral, plainText, type Reading, refuse, shown } from './reading.ts';

/** What an id may begin with. */
export type IdPrefix = (typeof ID_PREFIXES)[keyof typeof ID_PREFIXES];

/** What it names then, as people say it: `ord` → "an order", `dl` → "a dead letter". */
const NOUNS: Readonly<Partial<Record<string, string>>> = Object.fromEntries(
  Object.entries(ID_PREFIXES).map(([kind, prefix]) => {
    const noun = kind.replaceAll(/[A-Z]/g, ' $&').toLowerCase();
    return [prefix, `${/^[aeio]/.test(noun) ? 'an' : 'a'} ${noun}`];
  }),
);
const nounOf = (prefix: IdPrefix): string => NOUNS[prefix] as string;

/**
 * Reads an id as it is pasted: with spaces around it, in capitals, in quotes or brackets, as a page's or the API's address
 * (`https://…/loans/loan_0192…?x#y`). The id must be whole.
 */
export function readId(typed: string, prefix: IdPrefix): Reading<string> {
  const plain = plainText(typed);
  const example = `such as ${prefix}_0192…, in full`;
  if (plain === '') return refuse('empty', `Enter ${nounOf(prefix)}’s id, ${example}.`);
  if (isSeveral(plain)) return refuse('several', 'This is more than one line or cell. Enter one id.');
  const found = idsIn(plain);
  const [own, another] = found.filter((one) => one.prefix === prefix);
  if (own && !another) return accept(own.id);
  if (another) return refuse('several', 'This is more than one id. Enter one.');
  const other = NOUNS[found[0]?.prefix ?? ''];
  if (other !== undefined)
    return refuse('wrong_kind', `This is the id of ${other}. Enter ${nounOf(prefix)}’s, ${example}.`);
  return refuse('unreadable', `${shown(typed)} is not ${nounOf(prefix)}’s id, ${example}.`);
}
