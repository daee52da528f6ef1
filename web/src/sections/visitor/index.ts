import type { Section } from '../section.ts';

/** What somebody sees who is not logged in. */
export const section: Section = {
  id: 'visitor',
  navigation: [],
  pages: [
    { path: '/', audience: 'visitors', load: async () => (await import('./landing-page.tsx')).LandingPage },
    { path: '/login', audience: 'visitors', load: async () => (await import('./log-in-page.tsx')).LogInPage },
    {
      path: '/reset-password',
      audience: 'everybody',
      load: async () => (await import('./reset-password-page.tsx')).ResetPasswordPage,
    },
    { path: '/signup', audience: 'visitors', load: async () => (await import('./sign-up-page.tsx')).SignUpPage },
  ],
};
