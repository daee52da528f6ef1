import { Button, Group, Stack, Text, Title } from '@mantine/core';
import type { LoanDetailView } from '@millrace/contract';
import { IconCircleCheck } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { Money, ObjectTools, Rate } from '../../../design/index.ts';
import { ButtonLink } from '../../../navigation/index.ts';

/** The loan is there, and everybody sees it. */
export function LoanOpened({ loan, again }: { loan: LoanDetailView; again: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // The form, and the focus with it, is gone.
  useEffect(() => heading.current?.focus(), []);
  return (
    <Stack>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <IconCircleCheck size={28} color="var(--mr-good)" aria-hidden style={{ flex: 'none' }} />
        <div style={{ minWidth: 0 }}>
          <Title order={2} ref={heading} tabIndex={-1} style={{ outline: 'none', overflowWrap: 'anywhere' }}>
            “{loan.purpose}” is open for funding
          </Title>
          <Text>
            <Money amount={loan.amount} asset={loan.asset} /> at <Rate value={loan.apr} />, {loan.term_months} months,
            grade {loan.grade}. Investors see it now.
          </Text>
        </div>
      </Group>
      <Group>
        <ButtonLink to={`/loans/${loan.id}`}>Go to the loan</ButtonLink>
        <Button variant="default" onClick={again}>
          Open another
        </Button>
        <ObjectTools path={`/v1/loans/${loan.id}`} json={loan} />
      </Group>
    </Stack>
  );
}
