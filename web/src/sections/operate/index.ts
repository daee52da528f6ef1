import {
  IconActivity,
  IconClipboardList,
  IconBook2,
  IconBuildingStore,
  IconFilePlus,
  IconListSearch,
  IconMailExclamation,
  IconUsers,
} from '@tabler/icons-react';
import type { Role } from '../../session/index.ts';
import type { Section } from '../section.ts';

const OPERATORS: readonly Role[] = ['operator'];

/** The operators' console: how the installation does, and everything that is in it. */
export const section: Section = {
  id: 'operate',
  home: { roles: OPERATORS, to: '/operate' },
  navigation: [
    { label: 'Overview', to: '/operate', icon: IconActivity, roles: OPERATORS },
    { label: 'Everybody’s orders', to: '/operate/orders', icon: IconListSearch, roles: OPERATORS },
    { label: 'Create loans', to: '/operate/loans/new', icon: IconFilePlus, roles: OPERATORS },
    { label: 'Ledger', to: '/operate/ledger', icon: IconBook2, roles: OPERATORS },
    { label: 'Users', to: '/operate/users', icon: IconUsers, roles: OPERATORS },
    { label: 'Merchants', to: '/operate/merchants', icon: IconBuildingStore, roles: OPERATORS },
    { label: 'Audit log', to: '/operate/audit', icon: IconClipboardList, roles: OPERATORS },
    { label: 'Dead letters', to: '/operate/dead-letters', icon: IconMailExclamation, roles: OPERATORS },
  ],
  pages: [
    {
      path: '/operate',
      audience: OPERATORS,
      load: async () => (await import('./overview/overview-page.tsx')).OverviewPage,
    },
    {
      path: '/operate/orders',
      audience: OPERATORS,
      load: async () => (await import('./orders/orders-page.tsx')).OrdersPage,
    },
    {
      path: '/operate/loans/new',
      audience: OPERATORS,
      load: async () => (await import('./loans/create-loans-page.tsx')).CreateLoansPage,
    },
    {
      path: '/operate/ledger',
      audience: OPERATORS,
      load: async () => (await import('./ledger/ledger-page.tsx')).LedgerPage,
    },
    {
      path: '/operate/ledger/$accountId',
      audience: OPERATORS,
      shows: 'account',
      load: async () => (await import('./ledger/account-page.tsx')).AccountPage,
    },
    {
      path: '/operate/users',
      audience: OPERATORS,
      load: async () => (await import('./users/users-page.tsx')).UsersPage,
    },
    {
      path: '/operate/users/$userId',
      audience: OPERATORS,
      shows: 'user',
      load: async () => (await import('./users/user-page.tsx')).UserPage,
    },
    {
      path: '/operate/merchants',
      audience: OPERATORS,
      load: async () => (await import('./merchants/merchants-page.tsx')).MerchantsPage,
    },
    {
      path: '/operate/audit',
      audience: OPERATORS,
      load: async () => (await import('./audit/audit-page.tsx')).AuditPage,
    },
    {
      path: '/operate/dead-letters',
      audience: OPERATORS,
      load: async () => (await import('./dead-letters/dead-letters-page.tsx')).DeadLettersPage,
    },
  ],
};
