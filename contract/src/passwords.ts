/** What a new password must be, the same for the server and for what people see while they type. Plain data and functions. */

export const PASSWORD_LENGTH_MIN = 8;
/** Hashing costs the same for any length; this only bounds what is read. */
export const PASSWORD_LENGTH_MAX = 200;
/** `aaaabbbb` has eight characters and hardly anything to guess. */
const DIFFERENT_CHARACTERS_MIN = 4;
/** A shorter part of a name (`Jo`, `von`) is in too many words to mean the name. */
const NAME_PART_LENGTH_MIN = 3;

export interface PasswordOwner {
  email?: string | undefined;
  name?: string | undefined;
}

export type PasswordRuleName = 'length' | 'variety' | 'personal' | 'common';

/** The rules in the order in which they are told, each in the words of a form and in those of a refusal. */
export const PASSWORD_RULES: Readonly<Record<PasswordRuleName, { text: string; detail: string }>> = {
  length: {
    text: `At least ${PASSWORD_LENGTH_MIN} characters`,
    detail: `must have ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters`,
  },
  variety: {
    text: 'No repetition and no sequence',
    detail: 'repeats few characters, or is a sequence such as abcdefgh',
  },
  personal: {
    text: 'More than your name or e-mail address',
    detail: 'must not be the e-mail address or the name, or little more than that',
  },
  common: { text: 'None of the most common passwords', detail: 'is one of the most common passwords' },
};

/**
 * The rules that a password breaks, in their order. It is compared in one form (NFKC, lower case), so that wide letters or
 * capitals make no other password of a common one.
 *
 * @param common the list, as `COMMON_PASSWORDS` is: words between white space.
 */
export function brokenPasswordRules(password: string, owner: PasswordOwner, common: string): PasswordRuleName[] {
  const text = password.normalize('NFKC').toLowerCase();
  const characters = Array.from(text);
  const broken = {
    length: characters.length < PASSWORD_LENGTH_MIN || characters.length > PASSWORD_LENGTH_MAX,
    variety: isMonotonous(characters),
    personal: restWithout(text, owner) < PASSWORD_LENGTH_MIN && restWithout(text, owner) < characters.length,
    common: isListed(text, common),
  };
  return (Object.keys(PASSWORD_RULES) as PasswordRuleName[]).filter((name) => broken[name]);
}

/** Few characters, one short piece again and again (`abcabcabc`), or neighbours in the alphabet (`abcdefgh`, `98765432`). */
function isMonotonous(characters: readonly string[]): boolean {
  if (new Set(characters).size < DIFFERENT_CHARACTERS_MIN) return true;
  return isRepetition(characters) || isSequence(characters);
}

function isRepetition(characters: readonly string[]): boolean {
  for (let period = 1; period < PASSWORD_LENGTH_MIN && period * 2 <= characters.length; period += 1) {
    if (characters.every((character, at) => at < period || character === characters[at - period])) return true;
  }
  return false;
}

function isSequence(characters: readonly string[]): boolean {
  const steps = new Set<number>();
  for (let at = 1; at < characters.length && steps.size < 2; at += 1) {
    steps.add((characters[at]?.codePointAt(0) ?? 0) - (characters[at - 1]?.codePointAt(0) ?? 0));
  }
  return steps.size === 1 && [1, -1].some((step) => steps.has(step));
}

/** How many characters are left without what everybody knows of the owner. */
function restWithout(text: string, { email = '', name = '' }: PasswordOwner): number {
  const plain = (known: string): string => known.normalize('NFKC').toLowerCase();
  const address = plain(email);
  const parts = [address, ...address.split('@', 1), ...plain(name).split(/[\s.,_-]+/u)];
  const known = parts.filter((part) => Array.from(part).length >= NAME_PART_LENGTH_MIN);
  const rest = known.toSorted((a, b) => b.length - a.length).reduce((left, part) => left.replaceAll(part, ''), text);
  return Array.from(rest).length;
}

/** Whether the list has this word. What holds white space is no word. */
function isListed(word: string, list: string): boolean {
  if (word === '' || /\s/u.test(word)) return false;
  for (let at = list.indexOf(word); at >= 0; at = list.indexOf(word, at + 1)) {
    const isWhole = /\s/.test(list[at - 1] ?? ' ') && /\s/.test(list[at + word.length] ?? ' ');
    if (isWhole) return true;
  }
  return false;
}
