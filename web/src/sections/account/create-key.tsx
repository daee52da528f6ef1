import { Button, Checkbox, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import type { ApiKeyCreated, CreateApiKeyBody, Scope } from '@millrace/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Code, CopyButton, Failure, useFocusBack } from '../../design/index.ts';
import { keys } from '../../live/index.ts';
import { client, type Role, useUser } from '../../session/index.ts';

interface ScopeChoice {
  scope: Scope;
  label: string;
  roles: readonly Role[];
}

const CHOICES: readonly ScopeChoice[] = [
  {
    scope: 'orders:read',
    label: 'Read orders, accounts and events',
    roles: ['investor', 'trader', 'operator', 'service'],
  },
  { scope: 'orders:write', label: 'Place and cancel orders', roles: ['investor', 'trader', 'operator', 'service'] },
  { scope: 'loans:write', label: 'Create loans', roles: ['operator'] },
  { scope: 'users:write', label: 'Register users and act for them', roles: ['service'] },
  { scope: 'operate', label: 'Operate: everybody’s data, dead letters, verification', roles: ['operator'] },
];

/** What a key of a user with this role can be allowed to do. */
function scopesOf(role: Role): readonly ScopeChoice[] {
  return CHOICES.filter(({ roles }) => roles.includes(role));
}

/** Makes a key. Its secret is shown this once, and gone with the dialog. */
export function CreateKey({ onClose }: { onClose: () => void }) {
  const [created, setCreated] = useState<ApiKeyCreated | null>(null);
  const creation = useCreation(setCreated);
  useFocusBack();
  // A slip of the mouse must not lose what is shown once, nor what is about to be.
  const isCloseable = created === null && !creation.isPending;
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={isCloseable}
      closeOnEscape={isCloseable}
      withCloseButton={isCloseable}
      closeButtonProps={{ 'aria-label': 'Close' }}
      title={created === null ? 'Create an API key' : 'Copy your key now'}
      centered
    >
      {created === null ? <KeyForm creation={creation} /> : <KeyShown created={created} onClose={onClose} />}
    </Modal>
  );
}

function useCreation(onCreated: (created: ApiKeyCreated) => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateApiKeyBody) => client.apiKeys.create(body),
    onSuccess: async (created) => {
      onCreated(created);
      await cache.invalidateQueries({ queryKey: keys.apiKeys() });
    },
  });
}

function KeyForm({ creation }: { creation: ReturnType<typeof useCreation> }) {
  const { role } = useUser();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>(['orders:read']);
  const [days, setDays] = useState<string | null>('90');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    creation.mutate({
      name,
      scopes: scopes as Scope[],
      ...(days === null || days === '0' ? {} : { expires_in_days: Number(days) }),
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="What will use it, so that you know it again."
          required
          data-autofocus
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group label="What may it do?" value={scopes} onChange={setScopes} required>
          <Stack gap="xs" mt="xs">
            {scopesOf(role).map(({ scope, label }) => (
              <Checkbox key={scope} value={scope} label={label} description={scope} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Select
          label="Valid for"
          allowDeselect={false}
          value={days}
          onChange={setDays}
          data={[
            { value: '30', label: '30 days' },
            { value: '90', label: '90 days' },
            { value: '365', label: 'A year' },
            { value: '0', label: 'Until it is revoked' },
          ]}
        />
        {creation.isError && <Failure error={creation.error} title="The key was not created." />}
        <Button type="submit" loading={creation.isPending} disabled={scopes.length === 0}>
          Create key
        </Button>
      </Stack>
    </form>
  );
}

function KeyShown({ created, onClose }: { created: ApiKeyCreated; onClose: () => void }) {
  return (
    <Stack>
      <Text>
        This is the only time that the key of <strong>{created.name}</strong> is shown. Keep it where your program finds
        it, and nobody else does.
      </Text>
      <Code>{created.key}</Code>
      <Group justify="space-between">
        <CopyButton label="Copy key" value={created.key} size="sm" />
        <Button onClick={onClose}>I have copied it</Button>
      </Group>
    </Stack>
  );
}
