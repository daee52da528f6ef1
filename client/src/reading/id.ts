import { idsIn } from '@millrace/contract/search-text';
import { accept, isSeveral, plainText, type Reading, refuse, shown } from './reading.ts';

const NAMES = { usr: 'user', ord: 'order', loan: 'loan', acc: 'account' } as const;

/**
 * Reads an id as it is pasted: with spaces around it, in capitals, in quotes or brackets, as a page's or the API's address
 * (`https://…/loans/loan_0192…?x#y`). The id must be whole.
 */
export function readId(typed: string, prefix: keyof typeof NAMES): Reading<string> {
  const plain = plainText(typed);
  const example = `such as ${prefix}_0192…, in full`;
  if (plain === '') return refuse('empty', `Enter a ${NAMES[prefix]}’s id, ${example}.`);
  if (isSeveral(plain)) return refuse('several', 'This is more than one line or cell. Enter one id.');
  const found = idsIn(plain);
  const [own, another] = found.filter((one) => one.prefix === prefix);
  if (own && !another) return accept(own.id);
  if (another) return refuse('several', 'This is more than one id. Enter one.');
  const other = found[0]?.prefix;
  if (other !== undefined && other in NAMES)
    return refuse(
      'wrong_kind',
      `This is the id of a ${NAMES[other as keyof typeof NAMES]}. Enter a ${NAMES[prefix]}’s, ${example}.`,
    );
  return refuse('unreadable', `${shown(typed)} is not a ${NAMES[prefix]}’s id, ${example}.`);
}
