/** What orders name a merchant by. Plain texts, for every edge. */

/** One spelling: orders may write it in capitals. No user's id looks like it, so that nobody is mistaken for another. */
export const MERCHANT_HANDLE = '^(?!usr_)[a-z0-9][a-z0-9._-]{0,79}$';

/** Of a new one: nothing that reads like an id of another kind, or like a word that means someone else in an address or an answer. */
export const NEW_MERCHANT_HANDLE = MERCHANT_HANDLE.replace(
  '^',
  '^(?!(?:me|null|undefined|installation|merchants?)$)(?![a-z]{2,12}_[0-9a-f]{8}-)(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$)',
);

/** As it may be written. */
export const MERCHANT_HANDLE_WRITTEN = MERCHANT_HANDLE.replaceAll('a-z', 'A-Za-z');
