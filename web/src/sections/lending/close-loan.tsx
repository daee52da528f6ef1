import { Button, TextInput } from '@mantine/core';
import type { LoanDetailView } from '@millrace/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm, Money, useConfirmed } from '../../design/index.ts';
import { client } from '../../session/index.ts';
import { loanKeys } from './keys.ts';
import { loanQuery } from './queries.ts';

/** As long as the server takes it. */
const REASON_LENGTH_MAX = 200;

/** An operator ends the funding of an open loan, after a question and with a reason. */
export function CloseLoan({ loan }: { loan: LoanDetailView }) {
  const cache = useQueryClient();
  const [reason, setReason] = useState('');
  const [isAsked, setAsked] = useState(false);
  const { open, confirm } = useConfirmed(async () => {
    const closed = await client.loans.close(loan.id, { reason: reason.trim() });
    cache.setQueryData(loanQuery(loan.id).queryKey, closed);
    void cache.invalidateQueries({ queryKey: loanKeys.fundings(loan.id) });
  });
  if (loan.status !== 'open') return null;
  const isMissing = reason.trim() === '';
  return (
    <>
      <Button variant="default" onClick={open}>
        Close for funding
      </Button>
      <Confirm
        {...confirm}
        title="Close this loan for funding?"
        action="Close and refund"
        danger
        onConfirm={() => {
          setAsked(true);
          if (!isMissing) confirm.onConfirm();
        }}
        onClose={() => {
          setAsked(false);
          confirm.onClose();
        }}
      >
        Every investor gets the money back: <Money amount={loan.funded} asset={loan.asset} /> in all. This cannot be
        undone.
        <TextInput
          mt="md"
          label="Reason"
          description="Everybody may read it."
          required
          maxLength={REASON_LENGTH_MAX}
          value={reason}
          error={isAsked && isMissing ? 'Say why the loan is closed' : undefined}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Confirm>
    </>
  );
}
