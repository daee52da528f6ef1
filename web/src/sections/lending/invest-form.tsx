import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { readAmount, TYPED_LENGTH_MAX } from '@millrace/client/reading';
import type { LoanDetailView } from '@millrace/contract';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Money } from '../../design/index.ts';
import { cashQuery } from '../../live/index.ts';
import { compare, formatMoney, scaleOf } from '../../money/index.ts';
import { quickAmounts } from './amounts.ts';
import { InvestOutlook } from './invest-outlook.tsx';

/** Time to finish typing the amount before it is previewed. */
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
  const read = readAmount(values.typed, { scale: scaleOf(loan.amount), asset });
  const amount = read.ok ? read.value : undefined;
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
  // Nothing, or a zero that more may follow, is wrong only when it is sent.
  const isWrong = !read.ok && (isMissing || !/^[\s0.,]*$/.test(values.typed));
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <TextInput
          label={`Amount in ${asset}`}
          description={
            <>
              You have {cash ? <Money amount={cash.available} asset={asset} /> : '…'} to invest.
              <br />
              <Money amount={remaining} asset={asset} /> is still open.
            </>
          }
          inputMode="decimal"
          autoComplete="off"
          maxLength={TYPED_LENGTH_MAX}
          value={values.typed}
          onChange={(event) => set(event.currentTarget.value)}
          error={isWrong && read.words}
        />
        <QuickAmounts loan={loan} cash={cash?.available} set={set} />
        <Checkbox
          label="Take less if less is open by then"
          description="Otherwise it is all or nothing."
          checked={values.allowPartial}
          onChange={(event) => change({ ...values, allowPartial: event.currentTarget.checked })}
        />
        <Button type="submit" fullWidth>
          Review
        </Button>
        <Text size="xs" c="dimmed">
          Nothing is sent before you confirm on the next step.
        </Text>
        <InvestOutlook
          loan={loan}
          amount={amount === settled ? settled : undefined}
          allowPartial={values.allowPartial}
        />
      </Stack>
    </form>
  );
}

interface QuickAmountsProps {
  loan: LoanDetailView;
  /** undefined: not known yet. */
  cash: string | undefined;
  set: (amount: string) => void;
}

/** Amounts that one press fills in. What others have taken meanwhile is switched off where it is: nothing moves. */
function QuickAmounts({ loan: { asset, amount, remaining }, cash, set }: QuickAmountsProps) {
  const isCashPart = cash !== undefined && compare(cash, '0') > 0 && compare(cash, amount) < 0;
  const choices = [
    ...quickAmounts(amount).map((value) => ({ value, label: formatMoney(value, asset).replace(/\.0+$/, '') })),
    ...(isCashPart ? [{ value: cash, label: 'All my cash' }] : []),
    { value: remaining, label: 'Everything that is open' },
  ];
  return (
    <Group gap={8}>
      {choices.map(({ value, label }) => (
        <Button
          key={label}
          variant="default"
          size="compact-sm"
          disabled={compare(value, remaining) > 0}
          onClick={() => set(value)}
        >
          {label}
        </Button>
      ))}
    </Group>
  );
}
