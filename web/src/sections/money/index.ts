import {
  IconBuildingBank,
  IconCash,
  IconCashOff,
  IconChartPie,
  IconReceipt,
  IconSend,
  IconShoppingCart,
} from '@tabler/icons-react';
import { type DeskSection, SIGNED_IN } from '../section.ts';
import { moneyEvents } from './events.ts';
import { moneyNotices } from './notices.ts';

/** What a user has: in loans, on accounts, and how it came there. */
export const section: DeskSection<'payments'> = {
  id: 'money',
  navigation: [
    { label: 'Portfolio', to: '/portfolio', icon: IconChartPie, roles: ['investor', 'trader'] },
    { label: 'Statement', to: '/statement', icon: IconReceipt, roles: SIGNED_IN },
    { label: 'Cash', to: '/cash', icon: IconBuildingBank, roles: SIGNED_IN },
  ],
  pages: [
    { path: '/portfolio', audience: SIGNED_IN, load: async () => (await import('./portfolio-page.tsx')).PortfolioPage },
    { path: '/statement', audience: SIGNED_IN, load: async () => (await import('./statement-page.tsx')).StatementPage },
    { path: '/cash', audience: SIGNED_IN, load: async () => (await import('./cash-page.tsx')).CashPage },
  ],
  kindIcons: { deposit: IconCash, withdraw: IconCashOff, transfer: IconSend, pay: IconShoppingCart },
  events: moneyEvents,
  notices: moneyNotices,
};
