import { IconArrowBackUp, IconBuildingBank, IconCoins } from '@tabler/icons-react';
import { type DeskSection, SIGNED_IN } from '../section.ts';
import { lendingEvents } from './events.ts';
import { lendingNotices } from './notices.ts';
import { loanThing } from './things.ts';

/** The marketplace of loans, and each loan. */
export const section: DeskSection<'lending'> = {
  id: 'lending',
  navigation: [{ label: 'Loans', to: '/loans', icon: IconCoins, roles: SIGNED_IN }],
  pages: [
    { path: '/loans', audience: SIGNED_IN, load: async () => (await import('./loans-page.tsx')).LoansPage },
    {
      path: '/loans/$loanId',
      audience: SIGNED_IN,
      shows: 'loan',
      load: async () => (await import('./loan-page.tsx')).LoanPage,
    },
  ],
  home: { roles: ['investor', 'trader', 'service'], to: '/loans' },
  things: [loanThing],
  kindIcons: { fund_loan: IconBuildingBank, repay_loan: IconArrowBackUp, recover_loan: IconArrowBackUp },
  events: lendingEvents,
  notices: lendingNotices,
};
