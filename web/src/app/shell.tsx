import { Anchor, Burger, Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useChannel } from '../live/index.ts';
import { ButtonLink, Link } from '../navigation/index.ts';
import { useSession } from '../session/index.ts';
import { AccountMenu } from './account-menu.tsx';
import { Bell } from './bell.tsx';
import { Brand } from './brand.tsx';
import { ConnectionNote } from './connection-note.tsx';
import { Navigation } from './navigation.tsx';
import { RenewSession } from './renew-session.tsx';
import { SessionChanged } from './session-changed.tsx';
import classes from './shell.module.css';

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
