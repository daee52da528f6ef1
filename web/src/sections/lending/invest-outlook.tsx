import { Alert, Box, Collapse, Skeleton, Stack, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { LoanDetailView, LoanProjectionView, Reason } from '@millrace/contract';
import { IconAlertTriangle } from '@tabler/icons-react';
import { BusinessDate, Failure, Money, Percent } from '../../design/index.ts';
import { compare, parseDecimal, subtract, sum, xirr } from '../../money/index.ts';
import { Link } from '../../navigation/index.ts';
import { reasonWords } from '../../wording/index.ts';
import classes from './lending.module.css';
import { useOutlook } from './use-outlook.ts';

export interface InvestOutlookProps {
  loan: LoanDetailView;
  /** undefined: none was entered, or it is still being typed. */
  amount: string | undefined;
  allowPartial: boolean;
}

/** What the amount would bring, or why it would be refused; as high as it will be from the beginning. */
export function InvestOutlook({ loan, amount, allowPartial }: InvestOutlookProps) {
  const { projection, reason, isBusy, error, retry } = useOutlook(loan, amount, allowPartial);
  return (
    <div className={classes['outlook']} aria-live="polite" aria-busy={isBusy}>
      {amount === undefined ? (
        <Text size="sm" c="dimmed">
          Enter an amount to see what it would bring, instalment by instalment.
        </Text>
      ) : error !== null ? (
        <Failure error={error} title="The preview could not be made." retry={retry} />
      ) : isBusy ? (
        <Skeleton height={160} />
      ) : (
        <Stack gap="sm">
          {reason && <Refusal reason={reason} />}
          {projection && <Bring projection={projection} />}
        </Stack>
      )}
    </div>
  );
}

export function Refusal({ reason }: { reason: Reason }) {
  const { title, advice } = reasonWords(reason);
  return (
    <Alert
      variant="outline"
      color="var(--mr-wait)"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      title={<Text span size="sm" fw={600} c="var(--mr-wait)">{`It would be refused now: ${title}`}</Text>}
    >
      <Text size="sm">
        {advice}{' '}
        {reason === 'insufficient_funds' && (
          <Link to="/cash" underline="always">
            Bring money in
          </Link>
        )}
      </Text>
    </Alert>
  );
}

/** The figures of a projection. */
export function Bring({ projection }: { projection: LoanProjectionView }) {
  const { asset, amount, invested_before, interest, fees, total, payments, exact, xirr_flows } = projection;
  const rate = xirr(xirr_flows.map(({ date, amount: flow }) => ({ at: date, amount: parseDecimal(flow).units })));
  const first = payments[0];
  const isMore = compare(invested_before, '0') > 0;
  return (
    <div>
      <dl className={classes['pairs']}>
        <dt>{isMore ? 'You put in, with what you have in it' : 'You put in'}</dt>
        <dd>
          <Money amount={sum([amount, invested_before])} asset={asset} />
        </dd>
        <dt>
          Interest, less <Money amount={fees} asset={asset} /> fees
        </dt>
        <dd>
          <Money amount={subtract(interest, fees)} asset={asset} />
        </dd>
        <dt>You get back in all</dt>
        <dd>
          <Money amount={total} asset={asset} />
        </dd>
        {rate.ok && (
          <>
            <dt>Return a year</dt>
            <dd>
              <Percent value={rate.rate.toFixed(6)} />
            </dd>
          </>
        )}
        {first && (
          <>
            <dt>
              First of {payments.length} payments, <BusinessDate value={first.due_date} />
            </dt>
            <dd>
              <Money amount={first.total} asset={asset} />
            </dd>
          </>
        )}
      </dl>
      <Payments projection={projection} />
      <Text size="xs" c="dimmed">
        {exact ? 'To the cent, ' : 'Expected, '}if the loan is fully funded today and the borrower pays on time.
      </Text>
    </div>
  );
}

function Payments({ projection }: { projection: LoanProjectionView }) {
  const [opened, { toggle }] = useDisclosure();
  const { payments, asset } = projection;
  return (
    <>
      <UnstyledButton
        onClick={toggle}
        aria-expanded={opened}
        c="var(--mr-accent)"
        fz="sm"
        py={4}
        style={{ textDecoration: 'underline' }}
      >
        {opened ? 'Hide the payments' : 'Show every payment'}
      </UnstyledButton>
      <Collapse expanded={opened}>
        {opened && (
          // What scrolls has to be reached by keyboard.
          <Box component="section" className={classes['payments']} tabIndex={0} aria-label="Expected payments">
            <dl className={classes['pairs']}>
              {payments.map(({ number, due_date, total }) => (
                <div key={number} style={{ display: 'contents' }}>
                  <dt>
                    <BusinessDate value={due_date} />
                  </dt>
                  <dd>
                    <Money amount={total} asset={asset} />
                  </dd>
                </div>
              ))}
            </dl>
          </Box>
        )}
      </Collapse>
    </>
  );
}
