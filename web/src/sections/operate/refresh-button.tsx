import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';

/** For lists of everybody's: no channel brings them, since on a busy day nobody could read them at that speed. */
export function RefreshButton({ busy, onClick }: { busy: boolean; onClick: () => void }) {
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconRefresh size={16} aria-hidden />}
      loading={busy}
      onClick={onClick}
    >
      Refresh
    </Button>
  );
}
