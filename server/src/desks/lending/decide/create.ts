import { formatId, parseId } from '../../../core/ids.ts';
import { formatAmount, parseAmount } from '../../../core/money.ts';
import { refuse } from '../../desk.ts';
import type { LoanRow } from '../rows.ts';
import {
  type CommandOf,
  completed,
  type LendingDecision,
  type LendingView,
  loanEvent,
  loanUuid,
  refuseAmount,
} from './common.ts';

/** PostgreSQL's text cannot hold U+0000, and no other control character belongs into a purpose that others are shown. */
const CONTROL = /\p{Cc}/u;

/**
 * Opens a loan. Refusals, in order: unknown asset or notes of another loan, amount (also where
 * an instalment would be zero), purpose, deadline not in the future,
 * unknown borrower, id taken.
 */
export function decideCreate(command: CommandOf<'create_loan'>, view: LendingView): LendingDecision {
  const { params } = command;
  const asset = params.asset === undefined ? view.assets.currency : view.assets.get(params.asset);
  if (!asset || asset.code.startsWith('loan:'))
    return refuse('invalid_request', 'Loans are not made in this asset.', '/asset');
  const amount = parseAmount(params.amount, asset.scale);
  if (!amount.ok) return refuseAmount(amount.fault, asset);
  if (amount.minor < BigInt(params.term_months)) {
    return refuse(
      'invalid_amount',
      'The amount has less than one unit of its smallest coin for each month.',
      '/amount',
    );
  }
  if (CONTROL.test(params.purpose))
    return refuse('invalid_request', 'The purpose holds a control character.', '/purpose');
  const fundingDeadline = Date.parse(params.funding_deadline);
  if (!(fundingDeadline > command.at))
    return refuse('invalid_request', 'The deadline must be in the future.', '/funding_deadline');
  const borrowerId = parseId('user', params.borrower_id);
  if (borrowerId === undefined || !view.rows.users.has(borrowerId)) {
    return refuse('invalid_request', 'There is no such user.', '/borrower_id');
  }
  const id = params.loan_id === undefined ? command.id : loanUuid(params.loan_id);
  if (view.rows.loans.has(id)) return refuse('id_taken', 'There is a loan with this id already.', '/loan_id');
  const loan: LoanRow = {
    id,
    borrowerId,
    purpose: params.purpose,
    asset: asset.code,
    scale: asset.scale,
    amount: amount.minor,
    apr: params.apr,
    termMonths: params.term_months,
    grade: params.grade,
    fundingDeadline,
    createdAt: command.at,
    status: 'open',
    funded: 0n,
    investorCount: 0,
    fundedAt: null,
    nextNumber: null,
    nextDue: null,
    collectOn: null,
    askedOn: null,
  };
  const event = loanEvent('loan_created', id, {
    purpose: loan.purpose,
    asset: loan.asset,
    amount: formatAmount(loan.amount, loan.scale),
    apr: loan.apr,
    term_months: loan.termMonths,
    grade: loan.grade,
    funding_deadline: new Date(fundingDeadline).toISOString(),
  });
  return completed({ loan_id: formatId('loan', id) }, { changes: [{ type: 'loan_created', loan }], events: [event] });
}
