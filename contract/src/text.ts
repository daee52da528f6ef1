/**
 * Text that one person types and another one reads: names, purposes, items. It is stored as it will be seen, so that no
 * text shows as another one, or as nothing. Plain functions, the same for every edge.
 */

/**
 * Not seen, or changing how what is seen reads: controls, half surrogates, what turns the direction of text, zero-width
 * characters, fillers that look like a space, annotations. A zero-width joiner or selector has a place in emoji and in some
 * scripts (`KEPT`), there only.
 */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffc]/gu;
/** Zero-width non-joiner and joiner between two characters, and the selectors of how a character is drawn behind one. */
const KEPT = /(?<=[\p{L}\p{M}\p{N}\p{S}\ufe0f])(?:[\u200c\u200d](?=[\p{L}\p{S}])|[\ufe0e\ufe0f])/gu;
const SPACES = /[\s\u2800]+/gu;
/** What a reader sees something of: not a space, and no mark that only stands on a letter. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
/** Private-use code points that stand in for what is kept; a text's own are removed before. */
const PLACEHOLDERS = /[\ue000-\ue003]/gu;
const KEPT_AS: Readonly<Record<string, string>> = {
  '\u200c': '\ue000',
  '\u200d': '\ue001',
  '\ufe0e': '\ue002',
  '\ufe0f': '\ue003',
};
const KEPT_FROM = Object.fromEntries(Object.entries(KEPT_AS).map(([kept, placeholder]) => [placeholder, kept]));

/**
 * The text as it is stored: composed (NFC), line breaks and runs of white space as one space, trimmed, without what is not
 * seen. undefined where nothing is left that a reader would see.
 */
export function readableText(text: string): string | undefined {
  const readable = text
    .replaceAll(PLACEHOLDERS, '')
    .replaceAll(KEPT, (kept) => KEPT_AS[kept] as string)
    .replaceAll(SPACES, ' ')
    .replaceAll(UNSEEN, '')
    .replaceAll(PLACEHOLDERS, (placeholder) => KEPT_FROM[placeholder] as string)
    .normalize('NFC')
    .replaceAll(SPACES, ' ')
    .trim();
  return VISIBLE.test(readable) ? readable : undefined;
}
