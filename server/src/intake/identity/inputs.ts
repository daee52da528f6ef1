import { COMMON_PASSWORDS } from '@millrace/contract/common-passwords';
import { type Email, EMAIL_LENGTH_MAX, isImitation, readEmail as cleanEmail } from '@millrace/contract/email';
import {
  brokenPasswordRules,
  PASSWORD_LENGTH_MAX,
  PASSWORD_LENGTH_MIN,
  PASSWORD_RULES,
  type PasswordOwner,
} from '@millrace/contract/passwords';
import { readableText } from '@millrace/contract/text';
import { problem, type Result } from '../../core/result.ts';

const NAME_LENGTH_MAX = 200;

/** Why a name was refused. */
export const NAME_DETAIL = `must have 1 to ${NAME_LENGTH_MAX} characters, and something that can be seen`;

type Fault = { pointer: string; detail: string };

/** undefined where the text is no e-mail address that a user can have. */
export function readEmail(text: unknown): Email | undefined {
  return typeof text === 'string' ? cleanEmail(text) : undefined;
}

/**
 * A password in the form that is hashed (NFKC: the same key strokes on another machine give the same bytes), or
 * undefined where no account can have it.
 */
export function readPassword(text: unknown): string | undefined {
  // A bound before any work: a code point takes at most two units, and normalising shortens by less than four times.
  if (typeof text !== 'string' || text.length > PASSWORD_LENGTH_MAX * 8 || !text.isWellFormed()) return undefined;
  const password = text.normalize('NFKC');
  const length = codePoints(password);
  return length >= PASSWORD_LENGTH_MIN && length <= PASSWORD_LENGTH_MAX ? password : undefined;
}

/** What of a name is seen; undefined where that is nothing, or where the name is no text or too long. */
export function readName(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > NAME_LENGTH_MAX * 2 || !isText(text)) return undefined;
  const name = readableText(text);
  return name !== undefined && codePoints(name) <= NAME_LENGTH_MAX ? name : undefined;
}

/** PostgreSQL's text cannot hold U+0000, and half of a surrogate pair is no text in any encoding. */
const isText = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

export interface NewUserInput {
  email: unknown;
  name: unknown;
  /** undefined: a user without a password. */
  password?: unknown;
}

/** Reads what a new user is made of; names every field at fault. Depends on nothing that is stored. */
export function readNewUser(input: NewUserInput): Result<{ email: Email; name: string; password: string | undefined }> {
  const faults: Fault[] = [];
  const email = readEmail(input.email);
  if (!email)
    faults.push({ pointer: '/email', detail: `must be an e-mail address of at most ${EMAIL_LENGTH_MAX} characters` });
  else if (isImitation(email.key))
    faults.push({ pointer: '/email', detail: 'has letters of another script that look like Latin ones' });
  const name = readName(input.name);
  if (!name)
    faults.push({
      pointer: '/name',
      detail: NAME_DETAIL,
    });
  const password = input.password === undefined ? undefined : readPassword(input.password);
  if (input.password !== undefined) {
    const detail = faultOfPassword(password, { email: email?.given, name });
    if (detail) faults.push({ pointer: '/password', detail });
  }
  if (!email || !name || faults.length > 0)
    return problem('invalid_request', 'The user’s data is not valid.', { errors: faults });
  return { ok: true, value: { email, name, password } };
}

/** Why nobody may choose this password (`readPassword`'s), in words that follow the field's name. */
export function faultOfPassword(password: string | undefined, owner: PasswordOwner): string | undefined {
  if (password === undefined) return PASSWORD_RULES.length.detail;
  const [broken] = brokenPasswordRules(password, owner, COMMON_PASSWORDS);
  return broken && PASSWORD_RULES[broken].detail;
}

function codePoints(text: string): number {
  return Array.from(text).length;
}
