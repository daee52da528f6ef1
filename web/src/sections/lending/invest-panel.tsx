import { Card, Text, Title } from '@mantine/core';
import type { LoanDetailView } from '@millrace/contract';
import { useState } from 'react';
import { BusinessDate, DateTime, Money } from '../../design/index.ts';
import type { Ticket } from '../../orders/index.ts';
import { InvestForm, type InvestValues } from './invest-form.tsx';
import { InvestOutcome } from './invest-outcome.tsx';
import { InvestReview } from './invest-review.tsx';
import { type Funding, orderFor } from './use-funding.ts';

const EMPTY: InvestValues = { typed: '', allowPartial: false };

/** Investing in two clicks: review, confirm. What was typed stays until it was accepted. */
export function InvestPanel({ loan, funding }: { loan: LoanDetailView; funding: Funding }) {
  const [values, setValues] = useState(EMPTY);
  const [reviewed, setReviewed] = useState<Ticket<'fund_loan'> | undefined>();
  const { placed, isPending, error } = funding;
  const isAnswered = placed !== undefined && (isPending || placed.answer !== undefined || error !== null);
  const again = (): void => {
    if (placed?.answer?.status === 'completed') setValues(EMPTY);
    setReviewed(undefined);
    funding.reset();
  };
  return (
    <Card component="section" aria-labelledby="invest">
      <Title order={2} id="invest" mb="sm">
        Invest
      </Title>
      {isAnswered && placed ? (
        <InvestOutcome placed={placed} funding={funding} asset={loan.asset} again={again} />
      ) : reviewed ? (
        <InvestReview
          loan={loan}
          order={reviewed}
          confirm={() => funding.place(reviewed)}
          back={() => setReviewed(undefined)}
        />
      ) : loan.status === 'open' ? (
        <InvestForm
          loan={loan}
          values={values}
          change={setValues}
          review={(amount) => setReviewed(orderFor(loan, amount, values.allowPartial))}
        />
      ) : (
        <Closed loan={loan} />
      )}
    </Card>
  );
}

/** Why nobody can invest any more. */
function Closed({ loan }: { loan: LoanDetailView }) {
  const { status, funded_at, amount, asset, schedule } = loan;
  if (status === 'expired')
    return <Text>It was not funded by its deadline. Every investor has got the money back.</Text>;
  if (status === 'closed')
    return <Text>It was closed before it was funded. Every investor has got the money back.</Text>;
  const next = schedule.find((installment) => installment.status !== 'paid');
  return (
    <>
      <Text>
        This loan is fully funded: the borrower has received <Money amount={amount} asset={asset} />
        {funded_at !== null && (
          <>
            {' '}
            on <DateTime value={funded_at} />
          </>
        )}
        .
      </Text>
      {next && (
        <Text mt="xs" c="dimmed" size="sm">
          The next instalment is due on <BusinessDate value={next.due_date} />.
        </Text>
      )}
    </>
  );
}
