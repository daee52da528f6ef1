import Type from 'typebox';
import { id } from '../../schemas/common.ts';
import { LENDING_VOCABULARY } from './vocabulary.ts';

export const LoanId = id(LENDING_VOCABULARY.ids.loan, 'A loan.');

export const LoanStatus = Type.Union(
  [
    Type.Literal('open'),
    Type.Literal('repaying'),
    Type.Literal('late'),
    Type.Literal('repaid'),
    Type.Literal('defaulted'),
    Type.Literal('expired'),
    Type.Literal('closed'),
  ],
  {
    description:
      'open: takes investments. repaying: fully funded and paid out. late: an instalment could not be collected. ' +
      'repaid: the last instalment was paid. defaulted: an instalment stayed unpaid for too long after it was first asked ' +
      'for; what is paid or recovered is still shared. ' +
      'expired: not funded by its deadline, all money went back. closed: an operator ended the funding, all money went back.',
  },
);
export type LoanStatusName = Type.Static<typeof LoanStatus>;

export const LoanGrade = Type.String({ pattern: '^[A-G]$', description: 'Risk grade, A (least) to G.' });

export const CloseReason = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'Why, in words that everybody may read.',
});
