/** What orders name a merchant by. Plain texts, for every edge. */

/** One spelling: orders may write it in capitals. No user's id looks like it, so that nobody is mistaken for another. */
export const MERCHANT_HANDLE = '^(?!usr_)[a-z0-9][a-z0-9._-]{0,79}$';

/** As it may be written. */
export const MERCHANT_HANDLE_WRITTEN = MERCHANT_HANDLE.replaceAll('a-z', 'A-Za-z');
