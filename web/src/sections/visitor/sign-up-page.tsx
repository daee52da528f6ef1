import { Button, Card, Radio, Stack, Text, TextInput } from '@mantine/core';
import { MillraceError } from '@millrace/client';
import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Failure, fieldErrors, Page, useTextFields } from '../../design/index.ts';
import { useInstallation } from '../../live/index.ts';
import { formatMoney } from '../../money/index.ts';
import { Link } from '../../navigation/index.ts';
import { NewPassword } from '../../passwords/new-password.tsx';
import { type Role, useSessionActions } from '../../session/index.ts';
import { useGoOn } from './next-page.ts';

/** What the roles are for; one that is not here is not offered. */
const ROLES: readonly { role: Exclude<Role, 'service'>; label: string; description: string }[] = [
  { role: 'investor', label: 'Invest', description: 'Fund loans and receive the repayments.' },
  { role: 'trader', label: 'Trade', description: 'Buy and sell on the markets.' },
];

export function SignUpPage() {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const { data: installation } = useInstallation();
  const bonus = installation?.starting_balance;
  const lead = bonus ? `New accounts start with ${formatMoney(bonus.amount, bonus.asset)}.` : undefined;
  return (
    <Stack maw={440} mx="auto">
      <Page title="Sign up" {...(lead === undefined ? {} : { lead })}>
        <Card>
          <SignUpForm roles={installation?.roles_open ?? []} />
          <Text size="sm" mt="md">
            Have an account?{' '}
            <Link to="/login" search={search} underline="always">
              Log in
            </Link>
          </Text>
        </Card>
      </Page>
    </Stack>
  );
}

function SignUpForm({ roles }: { roles: readonly Role[] }) {
  const { values, field } = useTextFields({ name: '', email: '', password: '' });
  const [role, setRole] = useState<Exclude<Role, 'service'>>('investor');
  const { signUp } = useSessionActions();
  const goOn = useGoOn();
  const offered = ROLES.filter((option) => roles.includes(option.role));
  const registration = useMutation({
    mutationFn: () => signUp({ ...values, ...(role === 'investor' ? {} : { role }) }),
    onSuccess: goOn,
  });
  const errors = fieldErrors(registration.error);
  const isElsewhere = registration.isError && !Object.keys(errors).some((name) => name in values);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    registration.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label="Name" autoComplete="name" maxLength={200} {...field('name', errors)} />
        <TextInput label="E-mail" type="email" autoComplete="username" {...field('email', errors)} />
        <NewPassword owner={values} {...field('password', errors)} />
        {offered.length > 1 && (
          <Radio.Group label="What do you want to do?" value={role} onChange={(value) => setRole(value)}>
            <Stack gap="xs" mt="xs">
              {offered.map((option) => (
                <Radio key={option.role} value={option.role} label={option.label} description={option.description} />
              ))}
            </Stack>
          </Radio.Group>
        )}
        {isElsewhere && <Failure error={registration.error} title={titleOf(registration.error)} />}
        <Button type="submit" loading={registration.isPending}>
          Create account
        </Button>
      </Stack>
    </form>
  );
}

function titleOf(error: unknown): string {
  const isKnown = error instanceof MillraceError && error.code === 'registration_refused';
  return isKnown ? 'Is this your address? Then log in instead.' : 'Your account was not created.';
}
