import { IconLock, IconMapOff } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { Empty } from '../design/empty.tsx';
import { Failure } from '../design/failure.tsx';
import { Page } from '../design/page.tsx';
import { retryFailed } from '../live/index.ts';
import { ButtonLink } from '../navigation/index.ts';
import type { Audience } from '../sections/section.ts';

/** A page broke: the rest of the application goes on. */
export function ErrorPage({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  const cache = useQueryClient();
  const retry = (): void => {
    retryFailed(cache);
    reset();
    void router.invalidate();
  };
  return (
    <Page title="This page broke">
      <Failure error={error} title="The page could not be shown." retry={retry} />
    </Page>
  );
}

export function NotFoundPage() {
  return (
    <Page title="Page not found">
      <Empty
        title="There is nothing at this address"
        icon={IconMapOff}
        action={<ButtonLink to="/">Go home</ButtonLink>}
      >
        The link may be old, or a letter may be missing. Nothing of yours is lost.
      </Empty>
    </Page>
  );
}

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
