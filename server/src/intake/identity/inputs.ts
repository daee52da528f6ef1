import { problem, type Result } from '../../core/result.ts';
import { WORST_PASSWORDS } from './worst-passwords.ts';

const PASSWORD_LENGTH_MIN = 8;
const PASSWORD_LENGTH_MAX = 200;
const EMAIL_LENGTH_MAX = 254;
const NAME_LENGTH_MAX = 200;

// One @ and something on both sides, without spaces, controls, invisible format characters or lone surrogates. Whether
// the address exists only a message to it could tell.
const EMAIL = /^[^\s\p{C}@]+@[^\s\p{C}@]+$/u;
// Controls, lone surrogates, line separators, and what turns the direction of text (a name that reads as another one).
const NOT_IN_NAMES = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

type Fault = { pointer: string; detail: string };

export interface Email {
  /** As given. */
  given: string;
  /** What it is compared by: the same for every way to write the same letters. */
  key: string;
}

/** undefined where the text is no e-mail address that could be registered. */
export function readEmail(text: unknown): Email | undefined {
  if (typeof text !== 'string' || text.length > EMAIL_LENGTH_MAX || !EMAIL.test(text)) return undefined;
  const key = text.normalize('NFKC').toLowerCase().normalize('NFKC');
  // Normalising may lengthen, and make an @ or a space of its wide or compatibility form.
  return key.length <= EMAIL_LENGTH_MAX && EMAIL.test(key) ? { given: text, key } : undefined;
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

export function readName(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > NAME_LENGTH_MAX * 2 || NOT_IN_NAMES.test(text)) return undefined;
  const name = text.trim();
  return name.length > 0 && codePoints(name) <= NAME_LENGTH_MAX ? name : undefined;
}

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
  const name = readName(input.name);
  if (!name)
    faults.push({
      pointer: '/name',
      detail: `must have 1 to ${NAME_LENGTH_MAX} characters, none of them a control character`,
    });
  const password = input.password === undefined ? undefined : readPassword(input.password);
  if (input.password !== undefined) {
    const detail = faultOfPassword(password, email);
    if (detail) faults.push({ pointer: '/password', detail });
  }
  if (!email || !name || faults.length > 0)
    return problem('invalid_request', 'The user’s data is not valid.', { errors: faults });
  return { ok: true, value: { email, name, password } };
}

function faultOfPassword(password: string | undefined, email: Email | undefined): string | undefined {
  if (password === undefined) return `must have ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters`;
  const lower = password.toLowerCase();
  if (WORST_PASSWORDS.has(lower)) return 'is one of the most common passwords';
  if (email && lower.normalize('NFKC') === email.key) return 'must not be the e-mail address';
  return undefined;
}

function codePoints(text: string): number {
  return Array.from(text).length;
}
