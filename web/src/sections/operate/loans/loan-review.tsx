import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { type MouseEvent, type ReactNode, useEffect, useRef } from 'react';
import { Failure, Money, Stat, Stats } from '../../../design/index.ts';
import { formatDecimal, formatPercent, formatRelative, parseDecimal } from '../../../money/index.ts';
import classes from '../operate.module.css';
import { planOf } from './annuity.ts';
import type { LoanTerms } from './loan-fields.ts';
import type { LoanReview as Review } from './use-loan-form.ts';

/** What the borrower would pay, before anything is sent. */
export function TermsPreview({ terms, asset }: { terms: LoanTerms | undefined; asset: string }) {
  if (!terms) {
    return (
      <Text size="sm" c="dimmed" mih={74}>
        With amount, rate and term, the monthly payment is shown here.
      </Text>
    );
  }
  const amount = String(terms.amount);
  const { units, scale } = parseDecimal(amount);
  const { payment, interest } = planOf(amount, terms.apr, terms.term_months);
  return (
    <div style={{ minHeight: 74 }}>
      <Stats>
        <Stat label="Monthly payment">
          <Money amount={formatDecimal({ units: payment, scale })} asset={asset} />
        </Stat>
        <Stat label="Interest in all">
          <Money amount={formatDecimal({ units: interest, scale })} asset={asset} />
        </Stat>
        <Stat label="Paid back in all">
          <Money amount={formatDecimal({ units: units + interest, scale })} asset={asset} />
        </Stat>
      </Stats>
    </div>
  );
}

/** A rate in full: the wire has six places, so a percentage four. */
const PERCENT_DIGITS = 4;

export interface LoanReviewProps {
  review: Review;
  asset: string;
  busy: boolean;
  /** null: none. */
  error: unknown;
  confirm: () => void;
  back: () => void;
}

/** The second step: all terms as they will be, before anything is sent. */
export function LoanReview({ review: { body, borrowerLabel }, asset, busy, error, confirm, back }: LoanReviewProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const amount = String(body.amount);
  const { units, scale } = parseDecimal(amount);
  const { payment, last, interest } = planOf(amount, body.apr, body.term_months);
  const money = (value: bigint): ReactNode => <Money amount={formatDecimal({ units: value, scale })} asset={asset} />;
  const confirmOnce = ({ detail }: MouseEvent): void => {
    // The second half of a double click on "Review" lands here; nobody means that as a confirmation.
    if (detail <= 1) confirm();
  };
  const rows: [string, ReactNode][] = [
    ['Borrower', borrowerLabel === '' ? body.borrower_id : borrowerLabel],
    ['Purpose', body.purpose],
    ['Amount', money(units)],
    ['Rate', `${formatPercent(body.apr, { digits: PERCENT_DIGITS })} a year`],
    ['Term', termWords(body.term_months)],
    ['Grade', body.grade],
    ['Monthly payment', money(payment)],
    ...(last === payment ? [] : [['Last payment', money(last)] as [string, ReactNode]]),
    ['Interest in all', money(interest)],
    ['Paid back in all', money(units + interest)],
    ['Open for funding until', deadlineWords(body.funding_deadline)],
  ];
  return (
    <Stack>
      <Title order={2} ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
        Open this loan?
      </Title>
      <dl className={classes['terms']}>
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Text size="sm" c="dimmed">
        Investors see it at once. The terms of an open loan cannot be changed.
      </Text>
      {error !== null && <Failure error={error} title="The loan was not opened." />}
      <Group>
        <Button variant="default" disabled={busy} onClick={back}>
          Back
        </Button>
        <Button loading={busy} onClick={confirmOnce}>
          Open loan
        </Button>
      </Group>
    </Stack>
  );
}

function termWords(months: number): string {
  const years = months / 12;
  const count = `${months} ${months === 1 ? 'month' : 'months'}`;
  if (months < 12 || months % 12 !== 0) return count;
  return `${count} (${years} ${years === 1 ? 'year' : 'years'})`;
}

const deadline = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
});

/** "Sunday 31 January 2027 at 18:00 CET, in 2 months". */
function deadlineWords(time: string): string {
  return `${deadline.format(new Date(time))}, ${formatRelative(time, Date.now())}`;
}
