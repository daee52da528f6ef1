import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { MerchantView } from '@millrace/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Confirm } from '../../../design/index.ts';
import { keys } from '../../../live/index.ts';
import { client } from '../../../session/index.ts';

/** Ends payments to a merchant, or takes them again, after a question. */
export function MerchantSwitch({ merchant: { handle, name, disabled_at } }: { merchant: MerchantView }) {
  const cache = useQueryClient();
  const [opened, { open, close }] = useDisclosure();
  const isDisabled = disabled_at !== null;
  const change = useMutation({
    mutationFn: () => client.merchants.update(handle, { disabled: !isDisabled }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: keys.operate('merchants') });
      close();
    },
  });
  const verb = isDisabled ? 'Enable' : 'Disable';
  return (
    <>
      <Button variant="default" size="xs" aria-label={`${verb} ${name}`} onClick={open}>
        {verb}
      </Button>
      <Confirm
        opened={opened}
        title={isDisabled ? `Enable ${name} again?` : `Disable ${name}?`}
        action={`${verb} merchant`}
        danger={!isDisabled}
        busy={change.isPending}
        error={change.error}
        onConfirm={() => change.mutate()}
        onClose={() => {
          change.reset();
          close();
        }}
      >
        {isDisabled
          ? 'Payments to it are taken again.'
          : 'Payments to it are refused from now on. What was paid stays paid. You can take this back.'}
      </Confirm>
    </>
  );
}
