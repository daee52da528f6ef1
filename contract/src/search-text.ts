import { readableText } from './text.ts';

/**
 * What a search compares: letters without regard to how they are written. The database has the same function in SQL (`search_key`, in
 * its migrations), for what is stored; a test compares the two for every character. So it is made of nothing that depends on
 * a version of Unicode's case tables, or on a server's locale.
 */

/** Accents of Latin, Greek and Cyrillic letters, as they stand behind their letter when that is decomposed. */
const ACCENTS = /[\u0300-\u036f]/g;
/** Where capitals are looked for: Latin, Greek, Cyrillic, Armenian. Other scripts have none that people type. */
const CAPITALS = { first: 0x41, last: 0x556 } as const;
/** Letters that have no accent by Unicode and are typed without their stroke or dot, and signs that keyboards exchange for others. */
const ALIKE: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ς: 'σ',
  '‘': "'",
  '’': "'",
  ʼ: "'",
  '“': '"',
  '”': '"',
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '–': '-',
  '—': '-',
  '−': '-',
};
/** One letter that is written as two. */
const AS_TWO: Readonly<Record<string, string>> = { ß: 'ss', ẞ: 'ss', æ: 'ae', œ: 'oe', þ: 'th' };

/** Each character that a search reads as another one. */
export const FOLDED: ReadonlyMap<string, string> = new Map([...capitals(), ...Object.entries(ALIKE)]);
const PAIRS = new RegExp(`[${Object.keys(AS_TWO).join('')}]`, 'g');
const NOT_ASCII = /[^\0-\x7f]/;

function* capitals(): Generator<[string, string]> {
  for (let code = CAPITALS.first; code <= CAPITALS.last; code += 1) {
    const capital = String.fromCharCode(code);
    // What takes itself apart (Å, Ǆ) has its own letters to fold.
    if (capital.normalize('NFKD').replaceAll(ACCENTS, '') !== capital) continue;
    const small = capital.toLowerCase();
    if (small === capital || small.length > 1) continue;
    yield [capital, ALIKE[small] ?? small];
  }
}

/**
 * The text as searches compare it: `ÉTÉ`, `été` and a decomposed `été` are all "ete", `Straße` is "strasse", `ＡＢＣ` "abc", `Iİıi`
 * "iiii", `Ø` "o". Two texts with the same key are the same to a search; nothing else depends on it.
 */
export function searchKey(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toLowerCase();
  const plain = text.normalize('NFKD').replaceAll(ACCENTS, '').normalize('NFC');
  return [...plain]
    .map((character) => FOLDED.get(character) ?? character)
    .join('')
    .replaceAll(PAIRS, (letter) => AS_TWO[letter] as string);
}

/** The key of what was typed to find something: without spaces around it, and without what is not seen. */
export function searchTerm(typed: string): string {
  return searchKey(readableText(typed) ?? '');
}

const ID = /(?<![a-z0-9_])([a-z]{2,4})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-z-])/g;

/** The whole ids in a text, each once, however they were pasted: in capitals, in quotes, in an address. */
export function idsIn(text: string): { id: string; prefix: string }[] {
  const found = text.toLowerCase().matchAll(ID);
  return [...new Map([...found].map(([id, prefix]) => [id, { id, prefix: prefix as string }])).values()];
}
