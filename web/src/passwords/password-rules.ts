import {
  brokenPasswordRules,
  PASSWORD_LENGTH_MIN,
  PASSWORD_RULES,
  type PasswordOwner,
  type PasswordRuleName,
} from '@millrace/contract/passwords';

export interface PasswordRule {
  text: string;
  met: boolean;
}

/** The server's rules, told while typing. Nothing typed meets none. `common`: the list; undefined while it is on its way. */
export function passwordRules(password: string, owner: PasswordOwner, common: string | undefined): PasswordRule[] {
  const broken = brokenPasswordRules(password, owner, common ?? '');
  return (Object.keys(PASSWORD_RULES) as PasswordRuleName[]).map((name) => {
    const isKnown = name !== 'common' || common !== undefined;
    return { text: PASSWORD_RULES[name].text, met: password !== '' && isKnown && !broken.includes(name) };
  });
}

/** How hard it is to guess, from 0 to 4, in a word: length counts most, then different kinds of characters. */
export function passwordStrength(password: string): { score: 0 | 1 | 2 | 3 | 4; word: string } {
  const { length } = [...password];
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length;
  const repeats = new Set(password).size < Math.min(5, length);
  if (length === 0) return { score: 0, word: '' };
  if (length < PASSWORD_LENGTH_MIN || repeats) return { score: 1, word: 'Weak' };
  if (length >= 16 || (length >= 12 && kinds >= 3)) return { score: 4, word: 'Strong' };
  if (length >= 12 || kinds >= 3) return { score: 3, word: 'Good' };
  return { score: 2, word: 'Fair: longer is better' };
}
