import { MillraceError } from '@millrace/client';
import { useState } from 'react';

type Texts = Readonly<Record<string, string>>;

/** The required texts of a form: their values, and for each what its input needs; `errors` by the fields' names. */
export function useTextFields<Values extends Texts>(initial: Values) {
  const [values, setValues] = useState(initial);
  const field = (name: keyof Values & string, errors: Texts) => ({
    required: true,
    value: values[name] as string,
    error: errors[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setValues((before) => ({ ...before, [name]: value }));
    },
  });
  return { values, field };
}

/** What the server says about each field, by the field's name; what is about none stays for the form. */
export function fieldErrors(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof MillraceError)) return {};
  return Object.fromEntries(error.errors.map(({ pointer, detail }) => [pointer.split('/').at(-1), detail]));
}
