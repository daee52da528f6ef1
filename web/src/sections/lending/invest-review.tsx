import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { LoanDetailView } from '@millrace/contract';
import { type MouseEvent, useEffect, useRef } from 'react';
import { Failure, Money } from '../../design/index.ts';
import { formatMoney } from '../../money/index.ts';
import { Bring, Refusal } from './invest-outlook.tsx';
import classes from './lending.module.css';
import type { FundLoan } from './queries.ts';
import { useOutlook } from './use-outlook.ts';

export interface InvestReviewProps {
  loan: LoanDetailView;
  order: FundLoan;
  confirm: () => void;
  back: () => void;
}

/** The second step: what will happen, before it does. */
export function InvestReview({ loan, order, confirm, back }: InvestReviewProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const amount = String(order.amount);
  const { projection, preview, reason, isBusy, error, retry } = useOutlook(loan, amount, order.allow_partial === true);
  const cash = preview?.balances.find(({ purpose, asset }) => purpose === 'cash' && asset === loan.asset);
  const confirmOnce = ({ detail }: MouseEvent): void => {
    // The second half of a double click on "Review" lands here; nobody means that as a confirmation.
    if (detail <= 1) confirm();
  };
  return (
    <Stack gap="sm">
      <Title order={3} ref={heading} tabIndex={-1}>
        Invest {formatMoney(amount, loan.asset)} in {loan.purpose}?
      </Title>
      {error !== null && <Failure error={error} title="The preview could not be made." retry={retry} />}
      <div className={classes['outlook']} aria-busy={isBusy}>
        {isBusy ? (
          <Skeleton height={160} />
        ) : (
          <Stack gap="sm">
            {reason && <Refusal reason={reason} />}
            {projection && <Bring projection={projection} />}
            {cash && !reason && (
              <Text size="sm">
                <Money amount={cash.available} asset={loan.asset} /> of your money stays free.
              </Text>
            )}
          </Stack>
        )}
      </div>
      <Text size="sm" c="dimmed">
        {order.allow_partial
          ? 'If less is open when it arrives, what is open is taken.'
          : 'If less is open when it arrives, nothing is taken.'}
      </Text>
      <Group grow>
        <Button variant="default" onClick={back}>
          Back
        </Button>
        <Button onClick={confirmOnce}>Confirm</Button>
      </Group>
    </Stack>
  );
}
