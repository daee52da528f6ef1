import type { WireEventEnvelope } from '@millrace/contract';
import { textOf } from '../../live/index.ts';
import { formatMoney, sum } from '../../money/index.ts';
import type { DeskNotices, Notice } from '../section.ts';

/** In the event's asset. Events that are older than that field have none, and show the amount alone. */
function money(event: WireEventEnvelope, amount: string): string {
  return formatMoney(amount, textOf(event, 'asset')).trim();
}

/** Where it leads, and which loan it names. */
function loanOf(event: WireEventEnvelope): Required<Pick<Notice, 'to' | 'thing'>> {
  const id = textOf(event, 'loan_id');
  return { to: `/loans/${id}`, thing: id };
}

/** What becomes of one's money in loans, and of a loan that one has taken. */
export const lendingNotices: DeskNotices<'lending'> = {
  repayment_received: (event) => {
    const [principal, interest] = [textOf(event, 'principal'), textOf(event, 'interest')];
    return {
      title: `${money(event, sum([principal, interest]))} was repaid to you`,
      detail: `Instalment ${textOf(event, 'number')} of a loan: ${money(event, principal)} principal, ${money(event, interest)} interest after the fee.`,
      tone: 'good',
      ...loanOf(event),
    };
  },
  notes_issued: (event) => ({
    title: `A loan is funded: ${money(event, textOf(event, 'amount'))} of it is yours`,
    detail: 'It is paid out, and repaid to you month by month.',
    tone: 'good',
    ...loanOf(event),
  }),
  investment_refunded: (event) => ({
    title: `${money(event, textOf(event, 'amount'))} came back to you`,
    detail: 'The loan was not funded: it expired, or was closed.',
    tone: 'neutral',
    ...loanOf(event),
  }),
  loan_disbursed: (event) => ({
    title: `Your loan of ${money(event, textOf(event, 'amount'))} was paid out`,
    detail: 'All of it was funded.',
    tone: 'good',
    ...loanOf(event),
  }),
};
