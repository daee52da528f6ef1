import { Text } from '@mantine/core';
import { Money, Stat, Stats } from '../../../design/index.ts';
import { formatDecimal, parseDecimal } from '../../../money/index.ts';
import { monthlyPayment } from './annuity.ts';
import type { LoanTerms } from './loan-fields.ts';

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
          <Money amount={formatDecimal({ units: payment, scale })} asset={asset} />
        </Stat>
        <Stat label="Interest in all, about">
          <Money amount={formatDecimal({ units: total > units ? total - units : 0n, scale })} asset={asset} />
        </Stat>
        <Stat label="Paid back in all, about" hint="the last instalment evens out what was rounded">
          <Money amount={formatDecimal({ units: total, scale })} asset={asset} />
        </Stat>
      </Stats>
    </div>
  );
}
