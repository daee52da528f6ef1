import Type from 'typebox';
import { type EventEntry, event } from '../desk.ts';
import { amountOf, count, date, idOf, text, time } from '../fields.ts';
import { LoanStatus } from './fields.ts';

const loan = { loan_id: idOf('loan', 'the loan') };
const everybodys = { visibility: 'public', subject: 'loan' } as const;
const investors = { visibility: 'owner', subject: 'loan' } as const;
const ofUser = (who: string) => ({ ...loan, user_id: idOf('user', who), asset: text('asset') });

const Funding = Type.Object({ at: time('when'), amount: amountOf('amount'), alias: text('who, without a name') });

export const LENDING_EVENTS = {
  loan_created: event({
    ...everybodys,
    description: 'A loan was opened for funding.',
    data: {
      ...loan,
      purpose: text('purpose'),
      asset: text('asset'),
      amount: amountOf('amount'),
      apr: amountOf('yearly rate, decimal'),
      term_months: count('months'),
      grade: text('risk grade'),
      funding_deadline: time('until when'),
    },
  }),
  loan_progress: event({
    ...everybodys,
    description: 'Investments arrived; one event a batch, with the loan as it is now.',
    data: {
      ...loan,
      status: Type.Union(LoanStatus.anyOf, { description: 'status' }),
      funded: amountOf('funded so far'),
      remaining: amountOf('still open'),
      investors: count('how many investors'),
      fundings: Type.Array(Funding, {
        description:
          'the newest investments, at most 20, newest last: `{at, amount, alias}` each, as `GET /v1/loans/{id}/fundings` lists them',
      }),
    },
  }),
  loan_funded: event({
    ...everybodys,
    description: 'The last unit was funded; the borrower was paid.',
    data: { ...loan, amount: amountOf('amount'), investors: count('how many investors') },
  }),
  loan_expired: event({
    ...everybodys,
    description: 'The funding deadline passed; all money went back.',
    data: { ...loan, refunded: amountOf('amount that went back') },
  }),
  loan_closed: event({
    ...everybodys,
    description: 'An operator ended the funding before its deadline; all money went back.',
    data: { ...loan, refunded: amountOf('amount that went back'), reason: text('why, in the operator’s words') },
  }),
  investment_refunded: event({
    ...investors,
    description: 'Money came back from a loan whose funding ended without success.',
    data: { ...ofUser('the investor'), amount: amountOf('amount') },
  }),
  notes_issued: event({
    ...investors,
    description: 'An investor now owns notes of the loan.',
    data: { ...ofUser('the investor'), amount: amountOf('principal') },
  }),
  loan_disbursed: event({
    ...investors,
    description: 'The borrower received the loan’s amount.',
    data: { ...ofUser('the borrower'), amount: amountOf('amount') },
  }),
  installment_paid: event({
    ...everybodys,
    description: 'An instalment was paid, or recovered, and distributed.',
    data: {
      ...loan,
      number: count('which'),
      principal: amountOf('principal part'),
      interest: amountOf('interest part'),
      fee: amountOf('servicing fee kept'),
      due_date: date('when it was due'),
    },
  }),
  repayment_received: event({
    ...investors,
    description: 'An investor’s share of an instalment.',
    data: {
      ...ofUser('the investor'),
      number: count('which instalment'),
      principal: amountOf('principal part'),
      interest: amountOf('interest part, after the fee'),
    },
  }),
  loan_late: event({
    ...everybodys,
    description: 'An instalment could not be collected when due.',
    data: { ...loan, number: count('which'), due_date: date('when it was due') },
  }),
  loan_current: event({
    ...everybodys,
    description: 'A loan that was late or in default caught up.',
    data: loan,
  }),
  loan_repaid: event({ ...everybodys, description: 'The last instalment was paid.', data: loan }),
  loan_defaulted: event({
    ...everybodys,
    description: 'An instalment stayed unpaid for too long after it was first asked for.',
    data: { ...loan, outstanding: amountOf('principal that is still owed') },
  }),
} as const satisfies Record<string, EventEntry>;
