import type { Role } from '@millrace/contract';

/** Addresses that cannot exist outside: `.local` is never delegated (RFC 6762). */
const DOMAIN = 'demo.millrace.local';

export interface DemoPerson {
  email: string;
  name: string;
  role: Role;
  /** null: nobody logs in as this one. */
  password: string | null;
}

/** The three that a newcomer logs in as. The passwords are printed, so the accounts are refused in production. */
export const LOGINS = {
  investor: { email: `investor@${DOMAIN}`, name: 'Ines Moreau', role: 'investor', password: 'invest-in-millrace' },
  trader: { email: `trader@${DOMAIN}`, name: 'Tomas Berg', role: 'trader', password: 'trade-on-millrace' },
  operator: { email: `operator@${DOMAIN}`, name: 'Olga Petrova', role: 'operator', password: 'operate-millrace' },
} as const satisfies Record<string, DemoPerson>;

const SERVICE: DemoPerson = {
  email: `service@${DOMAIN}`,
  name: 'Demo integration',
  role: 'service',
  password: null,
};

const INVESTOR_NAMES = [
  'Amara Okafor',
  'Björn Lindqvist',
  'Chiara Rossi',
  'Daniel Weiss',
  'Elif Yıldız',
  'Farid Haddad',
  'Grace O’Connor',
  'Hiroshi Tanaka',
  'Isabel Duarte',
  'Jan de Vries',
  'Katarzyna Nowak',
  'Liam Murphy',
];

const BORROWER_NAMES = [
  'Mateo Fernández',
  'Nadia Rahman',
  'Oskar Nilsson',
  'Priya Raman',
  'Quentin Lefèvre',
  'Rosa Almeida',
  'Samuel Adeyemi',
  'Tereza Novotná',
  'Umar Siddiqui',
  'Viktor Horvath',
  'Wen Li',
  'Ximena Castillo',
  'Yusuf Demir',
  'Zoë Janssen',
  'Anna Schmidt',
  'Bruno Costa',
  'Clara Jensen',
  'David Cohen',
];

function virtual(kind: 'investor' | 'borrower', names: readonly string[]): DemoPerson[] {
  return names.map((name, index) => ({
    email: `${kind}-${index + 1}@${DOMAIN}`,
    name,
    role: 'investor',
    password: null,
  }));
}

/** Other investors: what makes loans fill while a newcomer watches. */
export const VIRTUAL_INVESTORS: readonly DemoPerson[] = virtual('investor', INVESTOR_NAMES);
export const VIRTUAL_BORROWERS: readonly DemoPerson[] = virtual('borrower', BORROWER_NAMES);

export const EVERYBODY: readonly DemoPerson[] = [
  ...Object.values(LOGINS),
  SERVICE,
  ...VIRTUAL_INVESTORS,
  ...VIRTUAL_BORROWERS,
];
