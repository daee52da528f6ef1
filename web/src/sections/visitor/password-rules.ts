export interface PasswordRule {
  text: string;
  met: boolean;
}

const LENGTH_MIN = 8;
const LENGTH_MAX = 200;

/** The server's rules that can be told while typing. It also refuses the most common passwords. */
export function passwordRules(password: string, email: string): PasswordRule[] {
  const length = [...password.normalize('NFKC')].length;
  const isAddress = email !== '' && password.toLowerCase() === email.trim().toLowerCase();
  return [
    { text: `At least ${LENGTH_MIN} characters`, met: length >= LENGTH_MIN && length <= LENGTH_MAX },
    { text: 'Not your e-mail address', met: password !== '' && !isAddress },
  ];
}

/** How hard it is to guess, from 0 to 4, in a word: length counts most, then different kinds of characters. */
export function passwordStrength(password: string): { score: 0 | 1 | 2 | 3 | 4; word: string } {
  const { length } = [...password];
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length;
  const repeats = new Set(password).size < Math.min(5, length);
  if (length === 0) return { score: 0, word: '' };
  if (length < LENGTH_MIN || repeats) return { score: 1, word: 'Weak' };
  if (length >= 16 || (length >= 12 && kinds >= 3)) return { score: 4, word: 'Strong' };
  if (length >= 12 || kinds >= 3) return { score: 3, word: 'Good' };
  return { score: 2, word: 'Fair: longer is better' };
}
