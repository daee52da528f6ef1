import { IconLock } from '@tabler/icons-react';
import { Empty } from '../design/empty.tsx';
import { Page } from '../design/page.tsx';
import { ButtonLink } from '../navigation/index.ts';
import type { Audience } from '../sections/section.ts';

/** "operators", "investors and traders" */
function peopleOf(audience: Audience): string {
  const roles = typeof audience === 'string' ? [audience] : audience.map((role) => `${role}s`);
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(roles);
}

/** The page exists, but not for this role. */
export function NotAllowedPage({ audience }: { audience: Audience }) {
  const people = peopleOf(audience);
  return (
    <Page title="Not for this account">
      <Empty title={`This page is for ${people}`} icon={IconLock} action={<ButtonLink to="/">Go home</ButtonLink>}>
        Your account cannot see it. If you have another one for it, log out, and log in with that.
      </Empty>
    </Page>
  );
}
