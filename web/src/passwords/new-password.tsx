import { Group, PasswordInput, type PasswordInputProps, Stack, Text } from '@mantine/core';
import type { PasswordOwner } from '@millrace/contract/passwords';
import { IconCheck, IconCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Progress } from '../design/index.ts';
import { passwordRules, passwordStrength } from './password-rules.ts';

const SCORE_MAX = 4;

/** The rules, each with whether it is met, and how strong the password is, in words. */
function PasswordHelp({ password, owner }: { password: string; owner: PasswordOwner }) {
  const common = useCommonPasswords();
  const { score, word } = passwordStrength(password);
  return (
    <Stack gap={6}>
      <Progress value={score / SCORE_MAX} label="Strength of the password" text={word || 'Nothing typed yet'} />
      <Text size="xs" c="dimmed" mih="1.4em">
        {word}
      </Text>
      {passwordRules(password, owner, common).map(({ text, met }) => (
        <Group key={text} gap={6}>
          {met ? (
            <IconCheck size={14} color="var(--mr-good)" aria-label="Met:" />
          ) : (
            <IconCircle size={14} color="var(--mantine-color-dimmed)" aria-label="Not met yet:" />
          )}
          <Text size="xs">{text}</Text>
        </Group>
      ))}
    </Stack>
  );
}

/** 100 kB that only who chooses a password loads. Where it does not come, the server still knows it. */
function useCommonPasswords(): string | undefined {
  const list = useQuery({
    queryKey: ['common-passwords'],
    queryFn: async () => (await import('@millrace/contract/common-passwords')).COMMON_PASSWORDS,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return list.data;
}

interface NewPasswordProps extends Omit<PasswordInputProps, 'value'> {
  value: string;
  owner: PasswordOwner;
}

/** A field for a password that is being chosen, with the rules that the server will ask of it. */
export function NewPassword({ owner, ...field }: NewPasswordProps) {
  return (
    <>
      <PasswordInput label="Password" autoComplete="new-password" {...field} />
      <PasswordHelp password={field.value} owner={owner} />
    </>
  );
}
