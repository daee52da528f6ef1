/** E-mail addresses, cleaned in one way wherever one is typed or pasted. Plain functions, for every edge. */

export const EMAIL_LENGTH_MAX = 254;

// One @ and something on both sides, without spaces, controls or lone surrogates. Whether the address exists only a message to
// it could tell.
const EMAIL = /^[^\s\p{C}\u2800@]+@[^\s\p{C}\u2800@]+$/u;
/** Nothing of it is seen: zero-width characters, marks of direction, fillers, selectors. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const AROUND = /^[\s\u2800]+|[\s\u2800]+$/gu;
/** The root of all domains, which every domain may be written with. */
const ROOT = /\.$/;
/** The full stop of Chinese and Japanese, which browsers take for a point in an address, too. */
const STOPS = /[\u3002\uff61]/g;

export interface Email {
  /** As it was typed, cleaned: what is stored and shown. */
  given: string;
  /** What it is compared by: the same for every way to write the same letters. */
  key: string;
}

/**
 * Cleans an address: without spaces around it and what is not seen, every letter in one form (NFKC: composed, of usual width, a
 * full-width @ too). undefined where what is left is no address.
 */
export function readEmail(typed: string): Email | undefined {
  // A bound before any work: nothing that is seen is shorter than what it was typed as by more than this.
  if (typed.length > EMAIL_LENGTH_MAX * 4) return undefined;
  const given = typed
    .normalize('NFKC')
    .replaceAll(UNSEEN, '')
    .replaceAll(STOPS, '.')
    .replaceAll(AROUND, '')
    .replace(ROOT, '')
    .normalize('NFKC');
  const key = given.toLowerCase().normalize('NFKC');
  // Lower case may lengthen.
  const isOne = [given, key].every((text) => text.length <= EMAIL_LENGTH_MAX && EMAIL.test(text));
  return isOne ? { given, key } : undefined;
}

/** Cyrillic and Greek letters that look like Latin ones, in lower case. */
const LIKE_LATIN = /^[асеіјѕорухһԁԛԝӏοαρνυϲ\p{N}\p{P}\p{S}]+$/u;
const PARTS = /[@._+-]/;

/**
 * Whether an address only looks like another one: letters of Latin mixed with Cyrillic or Greek ones in a word of it (“аnna” with
 * a Cyrillic а), or a word of nothing but such letters as look like Latin ones (“осо”). Browsers judge host names like that.
 */
export function isImitation(key: string): boolean {
  return key.split(PARTS).some((word) => {
    const isOther = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u.test(word);
    return isOther && (/\p{Script=Latin}/u.test(word) || LIKE_LATIN.test(word));
  });
}
