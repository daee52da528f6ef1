import { Text } from '@mantine/core';
import { Money, Stat, Stats } from '../../../design/index.ts';
import { formatDecimal, parseDecimal } from '../../../money/index.ts';
import { planOf } from './annuity.ts';
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
