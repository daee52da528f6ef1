import { MillraceError, newOrderId } from '@millrace/client';
import type { LoanDetailView, WireCreateLoan } from '@millrace/contract';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { client } from '../../../session/index.ts';
import {
  checkFields,
  FIELD_NAMES,
  type FieldErrors,
  type FieldName,
  fieldOf,
  type LoanFields,
  type LoanTerms,
  readPercent,
} from './loan-fields.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** How long a loan is open for funding, where nobody says otherwise. */
const FUNDING_DAYS = 30;

/** What the form holds: as the API has it, but for the rate, which people write in percent. */
export type Values = Omit<LoanFields, 'apr'> & { percent: string };

function emptyValues(): Values {
  const deadline = new Date(Date.now() + FUNDING_DAYS * DAY_MS);
  // The field wants local time without a zone.
  const local = new Date(deadline.getTime() - deadline.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);
  return { borrower: '', purpose: '', amount: '', percent: '', term_months: '36', grade: 'C', funding_deadline: local };
}

function check(values: Values, scale: number): { errors: FieldErrors; terms: LoanTerms | undefined } {
  const { percent, funding_deadline: local, ...fields } = values;
  const deadline = new Date(local);
  const funding_deadline = Number.isNaN(deadline.getTime()) ? '' : deadline.toISOString();
  const apr = readPercent(percent) ?? '';
  const checked = checkFields({ ...fields, apr, funding_deadline }, { scale, now: Date.now() });
  if (funding_deadline === '') checked.errors.funding_deadline = 'A date and a time.';
  if (checked.errors.apr) checked.errors.apr = 'A percentage a year with at most four places, such as 7.25.';
  return checked;
}

/** Amount, rate and term are enough for a preview. */
function previewable({ amount, percent, term_months }: Values, scale: number): LoanTerms | undefined {
  return check({ ...emptyValues(), borrower: '-', purpose: '-', amount, percent, term_months }, scale).terms;
}

/** Where the server found a fault. */
function refusedFields(error: unknown): FieldErrors {
  if (!(error instanceof MillraceError)) return {};
  return Object.fromEntries(
    error.errors.flatMap(({ pointer, detail }) => {
      const field = fieldOf(pointer);
      return field === undefined ? [] : [[field, detail]];
    }),
  );
}

function focusFirstFault(form: HTMLFormElement): void {
  // The faults are marked with the next drawing.
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}

/** Sends a loan; the same one again after an answer was lost is opened once, a changed one is another. */
function useCreation() {
  const sent = useRef({ text: '', key: '' });
  const creation = useMutation({
    mutationFn: (body: WireCreateLoan): Promise<LoanDetailView> => {
      const text = JSON.stringify(body);
      if (sent.current.text !== text) sent.current = { text, key: newOrderId() };
      return client.loans.create(body, { idempotencyKey: sent.current.key });
    },
    onSuccess: () => {
      sent.current = { text: '', key: '' };
    },
  });
  return creation;
}

/** The form of one loan: what was typed, what is wrong with it, and how it is sent. */
export function useLoanForm(scale: number) {
  const [values, setValues] = useState(emptyValues);
  const [touched, setTouched] = useState<ReadonlySet<FieldName>>(new Set());
  const creation = useCreation();
  const { errors, terms } = check(values, scale);
  const refused = refusedFields(creation.error);
  return {
    values,
    creation,
    /** What the preview shows; undefined while too little is known. */
    previewed: terms ?? previewable(values, scale),
    /** Said only after somebody has left the field, or has sent the form. */
    errorOf: (name: FieldName): string | undefined => (touched.has(name) ? errors[name] : undefined) ?? refused[name],
    touch: (name: FieldName): void => setTouched(new Set([...touched, name])),
    set(change: Partial<Values>): void {
      // What the server said was about other values.
      if (creation.isError) creation.reset();
      setValues({ ...values, ...change });
    },
    submit(event: FormEvent<HTMLFormElement>): void {
      event.preventDefault();
      setTouched(new Set(FIELD_NAMES));
      if (terms) creation.mutate({ borrower_id: values.borrower, ...terms });
      else focusFirstFault(event.currentTarget);
    },
    /** A new, empty form. */
    again(): void {
      creation.reset();
      setTouched(new Set());
      setValues(emptyValues());
    },
  };
}
