import { Text } from '@mantine/core';
import { Money, Stat, Stats } from '../../../design/index.ts';
import { parseDecimal } from '../../../money/index.ts';
import { monthlyPayment } from './annuity.ts';
import type { LoanTerms } from './loan-fields.ts';

function decimalOf(units: bigint, scale: number): string {
  const digits = String(units).padStart(scale + 1, '0');
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

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
  const payment = monthlyPayment(amount, terms.apr, terms.term_months);
  const total = payment * BigInt(terms.term_months);
  return (
    <div style={{ minHeight: 74 }}>
      <Stats>
        <Stat label="Monthly payment">
          <Money amount={decimalOf(payment, scale)} asset={asset} />
        </Stat>
        <Stat label="Interest in all, about">
          <Money amount={decimalOf(total > units ? total - units : 0n, scale)} asset={asset} />
        </Stat>
        <Stat label="Paid back in all, about" hint="the last instalment evens out what was rounded">
          <Money amount={decimalOf(total, scale)} asset={asset} />
        </Stat>
      </Stats>
    </div>
  );
}
