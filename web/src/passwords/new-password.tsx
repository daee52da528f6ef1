import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import type { PasswordOwner } from '@millrace/contract/passwords';
import { PasswordHelp } from './password-help.tsx';

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
