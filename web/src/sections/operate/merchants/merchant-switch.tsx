import { Button } from '@mantine/core';
import type { MerchantView } from '@millrace/contract';
import { useQueryClient } from '@tanstack/react-query';
import { Confirm, useConfirmed } from '../../../design/index.ts';
import { keys } from '../../../live/index.ts';
import { client } from '../../../session/index.ts';

/** Ends payments to a merchant, or takes them again, after a question. */
export function MerchantSwitch({ merchant: { handle, name, disabled_at } }: { merchant: MerchantView }) {
  const cache = useQueryClient();
  const isDisabled = disabled_at !== null;
  const { open, confirm } = useConfirmed(async () => {
    await client.merchants.update(handle, { disabled: !isDisabled });
    await cache.invalidateQueries({ queryKey: keys.operate('merchants') });
  });
  const verb = isDisabled ? 'Enable' : 'Disable';
  return (
    <>
      <Button variant="default" size="xs" aria-label={`${verb} ${name}`} onClick={open}>
        {verb}
      </Button>
      <Confirm
        {...confirm}
        title={isDisabled ? `Enable ${name} again?` : `Disable ${name}?`}
        action={`${verb} merchant`}
        danger={!isDisabled}
      >
        {isDisabled
          ? 'Payments to it are taken again.'
          : 'Payments to it are refused from now on. What was paid stays paid. You can take this back.'}
      </Confirm>
    </>
  );
}
