import { Anchor, Burger, Drawer, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useChannel } from '../live/index.ts';
import { ButtonLink, Link } from '../navigation/index.ts';
import { sections } from '../sections/index.ts';
import type { NavigationEntry } from '../sections/section.ts';
import { type Role, useSession } from '../session/index.ts';
import { AccountMenu } from './account-menu.tsx';
import { Bell } from './bell.tsx';
import { ConnectionNote } from './connection-note.tsx';
import { RenewSession, SessionChanged } from './session-dialogs.tsx';
import classes from './shell.module.css';

/** The wheel above the water, and the name. */
function Brand() {
  return (
    <>
      <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden>
        <rect width="32" height="32" rx="8" fill="#0e7478" />
        <circle cx="16" cy="15" r="7.5" fill="none" stroke="#fff" strokeWidth="2.4" />
        <path d="M16 5.5v19M6.5 15h19" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" />
        <path
          d="M4 27c2.4 0 2.4-1.6 4.8-1.6S11.2 27 13.6 27s2.4-1.6 4.8-1.6S20.8 27 23.2 27s2.4-1.6 4.8-1.6"
          fill="none"
          stroke="#9fdadb"
          strokeWidth="2"
          strokeLinecap="round"
        />
      </svg>
      <span>Millrace</span>
    </>
  );
}

const entries: readonly NavigationEntry[] = sections.flatMap(({ navigation }) => navigation);

/** An address that is also the beginning of another entry's is active only where it is the whole. */
function isPrefix(to: string): boolean {
  return entries.some((other) => other.to.startsWith(`${to}/`));
}

function Navigation({ role, label }: { role: Role; label: string }) {
  const own = entries.filter(({ roles }) => roles.includes(role));
  return (
    <nav aria-label={label}>
      <Stack gap={2}>
        {own.map(({ to, label: text, icon: EntryIcon }) => (
          <Link
            key={to}
            to={to}
            className={classes['entry']}
            underline="never"
            activeOptions={{ exact: isPrefix(to), includeSearch: false }}
          >
            <EntryIcon size={18} stroke={1.8} aria-hidden />
            {text}
          </Link>
        ))}
      </Stack>
    </nav>
  );
}

/** What stands around every page. */
export function Shell() {
  const user = useSession();
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  useEffect(close, [pathname, close]);
  return (
    <>
      <a href="#content" className={classes['skip']}>
        Skip to the content
      </a>
      <header className={classes['header']}>
        {user && (
          <Burger opened={opened} onClick={toggle} hiddenFrom="md" size="sm" aria-label="Menu" aria-expanded={opened} />
        )}
        <Link to="/" className={classes['brand']} underline="never">
          <Brand />
        </Link>
        <div style={{ flex: 1 }} />
        <ConnectionNote />
        {user ? <Own /> : <VisitorLinks />}
      </header>
      <div className={classes['body']}>
        {user && (
          <aside className={classes['sidebar']}>
            <Navigation role={user.role} label="Main" />
          </aside>
        )}
        <Column>
          <Outlet />
        </Column>
      </div>
      {user && (
        <Drawer opened={opened} onClose={close} title="Millrace" size="xs" closeButtonProps={{ 'aria-label': 'Close' }}>
          <Navigation role={user.role} label="Menu" />
        </Drawer>
      )}
      <RenewSession />
      <SessionChanged />
    </>
  );
}

function Column({ children }: { children: ReactNode }) {
  return (
    <div className={classes['column']}>
      <main id="content" tabIndex={-1} className={classes['main']}>
        {children}
      </main>
      <footer className={classes['footer']}>
        <span>Millrace</span>
        <Anchor href="/docs" size="xs">
          Documentation
        </Anchor>
        <Anchor href="/swagger/" size="xs">
          API
        </Anchor>
        <Anchor href="/docs/events" size="xs">
          Events
        </Anchor>
      </footer>
    </div>
  );
}

/** What follows the user's own events, on whatever page. */
function Own() {
  useChannel('me');
  return (
    <>
      <Bell />
      <AccountMenu />
    </>
  );
}

/** On the narrowest screens the words stay whole. */
const NARROW = { flex: 'none' } as const;

function VisitorLinks() {
  return (
    <>
      <ButtonLink to="/login" variant="subtle" size="sm" px="sm" style={NARROW}>
        Log in
      </ButtonLink>
      <ButtonLink to="/signup" size="sm" px="sm" style={NARROW}>
        Sign up
      </ButtonLink>
    </>
  );
}
