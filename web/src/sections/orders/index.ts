import { IconListDetails } from '@tabler/icons-react';
import { type Section, SIGNED_IN } from '../section.ts';
import { orderEvents } from './events.ts';
import { orderNotices } from './notices.ts';

/** What one has asked for, and what has become of it. */
export const section: Section = {
  id: 'orders',
  navigation: [{ label: 'Orders', to: '/orders', icon: IconListDetails, roles: SIGNED_IN }],
  pages: [
    { path: '/orders', audience: SIGNED_IN, load: async () => (await import('./orders-page.tsx')).OrdersPage },
    {
      path: '/orders/$orderId',
      audience: SIGNED_IN,
      shows: 'order',
      load: async () => (await import('./order-page.tsx')).OrderPage,
    },
  ],
  events: orderEvents,
  notices: orderNotices,
};
