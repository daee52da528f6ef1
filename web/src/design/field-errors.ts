import { MillraceError } from '@millrace/client';

/** What the server says about each field, by the field's name; what is about none stays for the form. */
export function fieldErrors(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof MillraceError)) return {};
  return Object.fromEntries(error.errors.map(({ pointer, detail }) => [pointer.split('/').at(-1), detail]));
}
