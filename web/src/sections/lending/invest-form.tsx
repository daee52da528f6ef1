import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { LoanDetailView } from '@millrace/contract';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Money } from '../../design/index.ts';
import { compare, formatMoney, readAmount } from '../../money/index.ts';
import { quickAmounts, scaleOf } from './amounts.ts';
import { InvestOutlook } from './invest-outlook.tsx';
import { cashQuery } from './queries.ts';

/** Somebody who types is let finish the amount before it is previewed. */
const PREVIEW_DELAY_MS = 300;

export interface InvestValues {
  /** As it was typed. */
  typed: string;
  allowPartial: boolean;
}

export interface InvestFormProps {
  loan: LoanDetailView;
  values: InvestValues;
  change: (values: InvestValues) => void;
  review: (amount: string) => void;
}

export function InvestForm({ loan, values, change, review }: InvestFormProps) {
  const { asset, remaining } = loan;
  const scale = scaleOf(loan.amount);
  const amount = readAmount(values.typed, scale);
  const [settled] = useDebouncedValue(amount, PREVIEW_DELAY_MS);
  const [isMissing, setMissing] = useState(false);
  const cash = useQuery(cashQuery).data?.find((account) => account.asset === asset);
  const set = (typed: string): void => {
    setMissing(false);
    change({ ...values, typed });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(amount === undefined);
    if (amount !== undefined) review(amount);
  };
  const isWrong = isMissing || (values.typed.trim() !== '' && amount === undefined && values.typed !== '0');
  const example = scale === 0 ? '25' : `25.${'0'.repeat(scale)}`;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <TextInput
          label={`Amount in ${asset}`}
          description={
            <>
              You have {cash ? <Money amount={cash.available} asset={asset} /> : '…'} to invest; still open is{' '}
              <Money amount={remaining} asset={asset} />.
            </>
          }
          inputMode="decimal"
          autoComplete="off"
          maxLength={24}
          value={values.typed}
          onChange={(event) => set(event.currentTarget.value)}
          error={isWrong && `Enter a positive amount, such as ${example}.`}
        />
        <Group gap={8}>
          {quickAmounts(remaining).map((quick) => (
            <Button key={quick} variant="default" size="compact-sm" onClick={() => set(quick)}>
              {formatMoney(quick, asset).replace(/\.0+$/, '')}
            </Button>
          ))}
          {cash && compare(cash.available, '0') > 0 && compare(cash.available, remaining) < 0 && (
            <Button variant="default" size="compact-sm" onClick={() => set(cash.available)}>
              All my cash
            </Button>
          )}
          <Button variant="default" size="compact-sm" onClick={() => set(remaining)}>
            Everything that is open
          </Button>
        </Group>
        <Checkbox
          label="Take less if less is open by then"
          description="Otherwise it is all or nothing."
          checked={values.allowPartial}
          onChange={(event) => change({ ...values, allowPartial: event.currentTarget.checked })}
        />
        <InvestOutlook
          loan={loan}
          amount={amount === settled ? settled : undefined}
          allowPartial={values.allowPartial}
        />
        <Button type="submit" fullWidth>
          Review
        </Button>
        <Text size="xs" c="dimmed">
          Nothing is sent before you confirm on the next step.
        </Text>
      </Stack>
    </form>
  );
}
