import { readId, TYPED_LENGTH_MAX } from '@millrace/client/reading';
import { Button, Modal, Stack, TextInput } from '@mantine/core';
import { MillraceError } from '@millrace/client';
import { NEW_MERCHANT_HANDLE } from '@millrace/contract/merchant-handle';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Failure, fieldErrors, useFocusBack, useTextFields } from '../../../design/index.ts';
import { keys } from '../../../live/index.ts';
import { client } from '../../../session/index.ts';

const HANDLE = new RegExp(NEW_MERCHANT_HANDLE);

/** Registers someone who can be paid under a handle. */
export function RegisterMerchant({ onClose }: { onClose: () => void }) {
  useFocusBack();
  return (
    <Modal opened onClose={onClose} closeButtonProps={{ 'aria-label': 'Close' }} title="Register a merchant" centered>
      <MerchantForm onRegistered={onClose} />
    </Modal>
  );
}

type Errors = Partial<Record<'name' | 'handle' | 'owner', string>>;

function MerchantForm({ onRegistered }: { onRegistered: () => void }) {
  const cache = useQueryClient();
  const { values, field } = useTextFields({ name: '', handle: '', owner: '' });
  const [faults, setFaults] = useState<Errors>({});
  const registration = useMutation({
    mutationFn: (input: { name: string; handle: string; owner?: string }) => client.merchants.register(input),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: keys.operate('merchants') });
      onRegistered();
    },
  });
  const refused = errorsOf(registration.error);
  const errors = { ...refused, ...faults };
  const isElsewhere = registration.isError && !Object.keys(refused).some((name) => name in values);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    registration.reset();
    const handle = values.handle.trim().toLowerCase();
    const owner = values.owner.trim() === '' ? undefined : readId(values.owner, 'usr');
    const found: Errors = {
      ...(!HANDLE.test(handle) && {
        handle:
          'Small letters, digits, dots, underscores and hyphens, such as corner-shop; no id, and no reserved word such as me.',
      }),
      ...(owner?.ok === false && { owner: owner.words }),
    };
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    registration.mutate({ name: values.name, handle, ...(owner?.ok && { owner: owner.value }) });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="What payers see."
          autoComplete="off"
          data-autofocus
          maxLength={200}
          {...field('name', errors)}
        />
        <TextInput
          label="Handle"
          description="What orders name it by, for ever."
          placeholder="corner-shop"
          autoComplete="off"
          spellCheck={false}
          maxLength={80}
          {...field('handle', errors)}
        />
        <TextInput
          label="Owner"
          description="The id of the user who receives. Empty: the merchant has accounts of its own. It cannot be changed afterwards."
          placeholder="usr_…"
          autoComplete="off"
          spellCheck={false}
          maxLength={TYPED_LENGTH_MAX}
          {...field('owner', errors)}
          required={false}
        />
        {isElsewhere && <Failure error={registration.error} title="The merchant was not registered." />}
        <Button type="submit" loading={registration.isPending}>
          Register merchant
        </Button>
      </Stack>
    </form>
  );
}

function errorsOf(error: unknown): Readonly<Record<string, string>> {
  const isTaken = error instanceof MillraceError && error.code === 'merchant_exists';
  return isTaken ? { handle: 'A merchant has this handle already.' } : fieldErrors(error);
}
