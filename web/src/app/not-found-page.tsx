import { IconMapOff } from '@tabler/icons-react';
import { Empty } from '../design/empty.tsx';
import { Page } from '../design/page.tsx';
import { ButtonLink } from '../navigation/index.ts';

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
