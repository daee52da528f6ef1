import { type Client, createClient } from '@millrace/client';
import { createSessionChange, fetchForOwner } from './change.ts';
import { createExpiry, fetchWithRenewal } from './expiry.ts';
import { ownerOfPage } from './hint.ts';
import { createLeaving, fetchUnlessLeaving } from './leaving.ts';

export const expiry = createExpiry();
export const sessionChange = createSessionChange();
export const leaving = createLeaving();

/** The one client of the application. The browser's cookie is the session: no token is ever in the page. */
export const client: Client = createClient({
  url: globalThis.location?.origin ?? 'http://localhost',
  fetch: fetchWithRenewal(
    expiry,
    () => ownerOfPage() !== null,
    fetchUnlessLeaving(leaving, fetchForOwner(ownerOfPage, sessionChange)),
  ),
});
