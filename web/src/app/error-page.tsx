import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { Failure } from '../design/failure.tsx';
import { Page } from '../design/page.tsx';
import { retryFailed } from '../live/index.ts';

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
