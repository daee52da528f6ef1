import type { Section } from '../section.ts';

/** What is seen without a log-in. */
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
