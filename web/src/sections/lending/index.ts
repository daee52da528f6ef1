import { IconCoins } from '@tabler/icons-react';
import { type Section, SIGNED_IN } from '../section.ts';
import { lendingEvents } from './events.ts';
import { lendingNotices } from './notices.ts';
import { loanThing } from './things.ts';

/** The marketplace of loans, and each loan. */
export const section: Section = {
  id: 'lending',
  navigation: [{ label: 'Loans', to: '/loans', icon: IconCoins, roles: SIGNED_IN }],
  pages: [
    { path: '/loans', audience: SIGNED_IN, load: async () => (await import('./loans-page.tsx')).LoansPage },
    { path: '/loans/$loanId', audience: SIGNED_IN, load: async () => (await import('./loan-page.tsx')).LoanPage },
  ],
  home: { roles: ['investor', 'trader', 'service'], to: '/loans' },
  things: [loanThing],
  events: lendingEvents,
  notices: lendingNotices,
};
