import { MillraceError, newOrderId } from '@millrace/client';
import type { LoanDetailView, WireCreateLoan } from '@millrace/contract';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { client } from '../../../session/index.ts';
import {
  checkFields,
  type CheckOptions,
  FIELD_NAMES,
  type FieldErrors,
  type FieldName,
  fieldOf,
  type LoanFields,
  type LoanTerms,
} from './loan-fields.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** How long a loan is open for funding, where nothing else is said. */
const FUNDING_DAYS = 30;

/** What the form holds: the rate as people write it, in percent, and the deadline in the reader's own time. */
export interface Values extends LoanFields {
  /** Name and address of the borrower, for the review. */
  borrowerLabel: string;
}

export type FormOptions = Pick<CheckOptions, 'currency' | 'limits'>;

function emptyValues(): Values {
  const deadline = new Date(Date.now() + FUNDING_DAYS * DAY_MS);
  // The field wants local time without a zone.
  const funding_deadline = new Date(deadline.getTime() - deadline.getTimezoneOffset() * MINUTE_MS)
    .toISOString()
    .slice(0, 16);
  return {
    borrower: '',
    borrowerLabel: '',
    purpose: '',
    amount: '',
    apr: '',
    term_months: '36',
    grade: 'C',
    funding_deadline,
  };
}

function check(values: Values, options: FormOptions): { errors: FieldErrors; terms: LoanTerms | undefined } {
  return checkFields(values, { ...options, now: Date.now(), rates: 'percent', zone: 'local' });
}

/** Amount, rate and term are enough for a preview. */
function previewable({ amount, apr, term_months }: Values, options: FormOptions): LoanTerms | undefined {
  return check({ ...emptyValues(), borrower: '-', purpose: '-', amount, apr, term_months }, options).terms;
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

/** What is sent, as it was when the review began. */
export interface LoanReview {
  body: WireCreateLoan;
  borrowerLabel: string;
}

/** The form of one loan: what was typed, what is wrong with it, the review, and how it is sent. */
export function useLoanForm(options: FormOptions) {
  const [values, setValues] = useState(emptyValues);
  const [touched, setTouched] = useState<ReadonlySet<FieldName>>(new Set());
  const [review, setReview] = useState<LoanReview | null>(null);
  const creation = useCreation();
  const { errors, terms } = check(values, options);
  const refused = refusedFields(creation.error);
  return {
    values,
    creation,
    review,
    /** What the preview shows; undefined while too little is known. */
    previewed: terms ?? previewable(values, options),
    /** Said only after the field was left, or the form was submitted. */
    errorOf: (name: FieldName): string | undefined => (touched.has(name) ? errors[name] : undefined) ?? refused[name],
    touch: (name: FieldName): void => setTouched(new Set([...touched, name])),
    set(change: Partial<Values>): void {
      // What the server said was about other values.
      if (creation.isError) creation.reset();
      setValues({ ...values, ...change });
    },
    /** To the review, where nothing is wrong. */
    submit(event: FormEvent<HTMLFormElement>): void {
      event.preventDefault();
      setTouched(new Set(FIELD_NAMES));
      if (creation.isError) creation.reset();
      if (!terms) return focusFirstFault(event.currentTarget);
      setReview({ body: { borrower_id: values.borrower, ...terms }, borrowerLabel: values.borrowerLabel });
    },
    back: (): void => setReview(null),
    confirm(): void {
      if (!review || creation.isPending) return;
      // What is wrong with a field is said beside it.
      creation.mutate(review.body, {
        onError: (error) => Object.keys(refusedFields(error)).length > 0 && setReview(null),
      });
    },
    /** A new, empty form. */
    again(): void {
      creation.reset();
      setReview(null);
      setTouched(new Set());
      setValues(emptyValues());
    },
  };
}
