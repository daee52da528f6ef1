import { IconLock } from '@tabler/icons-react';
import { Empty } from '../design/empty.tsx';
import { Page } from '../design/page.tsx';
import { ButtonLink } from '../navigation/index.ts';

export function NotAllowedPage() {
  return (
    <Page title="Not for this account">
      <Empty title="Your account cannot see this page" icon={IconLock} action={<ButtonLink to="/">Go home</ButtonLink>}>
        It is for people with another role. Log in with an account that has it.
      </Empty>
    </Page>
  );
}
