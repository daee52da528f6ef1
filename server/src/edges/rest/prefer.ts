import { WAIT_SECONDS_MAX } from './limits.ts';

export interface Preferences {
  respondAsync: boolean;
  waitSeconds: number | undefined;
}

const NONE: Preferences = { respondAsync: false, waitSeconds: undefined };
const WAIT = /^wait *= *"?(\d{1,9})"?$/;

/** `Prefer` (RFC 7240): `respond-async`, `wait=N`. What is not known is ignored, as the RFC asks. */
export function preferencesOf(header: string | string[] | undefined): Preferences {
  if (header === undefined) return NONE;
  const preferences = { ...NONE };
  for (const part of String(header).split(',')) {
    const text = (part.split(';', 1)[0] as string).trim().toLowerCase();
    if (text === 'respond-async') preferences.respondAsync = true;
    const wait = WAIT.exec(text)?.[1];
    // The first of several counts.
    if (wait !== undefined) preferences.waitSeconds ??= Math.min(Number(wait), WAIT_SECONDS_MAX);
  }
  return preferences;
}
