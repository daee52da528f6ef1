import { type Client, createClient } from '@millrace/client';
import { createExpiry, fetchWithRenewal } from './expiry.ts';
import { isSomebodysPage } from './hint.ts';

export const expiry = createExpiry();

/** The one client of the application. The browser's cookie is the session: no token is ever in the page. */
export const client: Client = createClient({
  url: globalThis.location?.origin ?? 'http://localhost',
  fetch: fetchWithRenewal(expiry, isSomebodysPage),
});
