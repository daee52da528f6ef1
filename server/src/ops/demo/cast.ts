import { type DemoPerson, DEMO_DOMAIN as DOMAIN } from '../../desks/demo.ts';
import { DESKS } from '../../desks/index.ts';
import type { DeskModule } from '../../desks/module.ts';

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

/** Those of each desk are what makes things happen while a newcomer watches. */
export const EVERYBODY: readonly DemoPerson[] = [
  ...Object.values(LOGINS),
  SERVICE,
  ...DESKS.flatMap(({ demo }: DeskModule) => demo?.people ?? []),
];
