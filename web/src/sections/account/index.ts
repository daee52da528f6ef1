import { IconBell, IconSettings } from '@tabler/icons-react';
import { type Section, SIGNED_IN } from '../section.ts';

/** One's own account: profile, keys, and what has happened. */
export const section: Section = {
  id: 'account',
  navigation: [
    { label: 'Notifications', to: '/notifications', icon: IconBell, roles: SIGNED_IN },
    { label: 'Settings', to: '/settings', icon: IconSettings, roles: SIGNED_IN },
  ],
  pages: [
    { path: '/settings', audience: SIGNED_IN, load: async () => (await import('./settings-page.tsx')).SettingsPage },
    {
      path: '/notifications',
      audience: SIGNED_IN,
      load: async () => (await import('./notifications-page.tsx')).NotificationsPage,
    },
  ],
};
