import type { LoanProjectionView } from '@millrace/contract';
import type pg from 'pg';
import { dateOf } from '../../core/clock.ts';
import { formatId } from '../../core/ids.ts';
import { formatAmount, parseAmount, splitByLargestRemainder } from '../../core/money.ts';
import { problem, type Result } from '../../core/result.ts';
import { servicingFee } from './decide/payment.ts';
import { type LoanRow, loans } from './rows.ts';
import { annuitySchedule } from './schedule.ts';
import type { LendingSettings } from './settings.ts';

/**
 * How many parts, of instalments for investors, may be computed one by one: nobody else is served meanwhile, and so many
 * take about 5 ms (measured: 2 to 7 ms on a busy machine, as an instalment's own cost adds to few parts of a long loan).
 * A loan of 36 months may have 136 investors; of one with more all others are taken together.
 */
const PARTS_MAX = 5_000;

export interface OwnPayment {
  number: number;
  dueDate: string;
  principal: bigint;
  /** After the fee, as it will be posted. */
  interest: bigint;
  /** The part of the servicing fee that comes off the interest. */
  fee: bigint;
}

interface Stakes {
  /** In the order of their owners' ids, as the desk splits them. */
  weights: readonly bigint[];
  /** Which one is asked about. */
  own: number;
}

/** What one of the stakes in a loan brings if the loan is funded on that day and repaid on time, by the desk's own functions. */
export function ownPayments(
  loan: Pick<LoanRow, 'amount' | 'apr' | 'termMonths'>,
  { weights, own }: Stakes,
  { startDate, settings }: { startDate: string; settings: LendingSettings },
): OwnPayment[] {
  let notes = [...weights];
  return annuitySchedule({ ...loan, startDate }).map((installment) => {
    const fee = servicingFee(installment, settings);
    const ownPart = (total: bigint): bigint => splitByLargestRemainder(total, notes)[own] as bigint;
    const interest = ownPart(installment.interest - fee);
    const ownFee = ownPart(fee);
    const principals = splitByLargestRemainder(installment.principal, notes);
    notes = notes.map((note, index) => note - (principals[index] as bigint));
    const { number, dueDate } = installment;
    return { number, dueDate, principal: principals[own] as bigint, interest, fee: ownFee };
  });
}

export interface ProjectionRequest {
  userId: string;
  loanId: string;
  /** A decimal string. */
  amount: string;
  /** Business time, ms since the epoch. */
  at: number;
}

/**
 * What an investment would bring; undefined where there is no such loan.
 *
 * @returns or a problem: `loan_not_open`, `invalid_amount` (none, or more than is still open).
 */
export async function projectInvestment(
  pool: pg.Pool,
  settings: LendingSettings,
  request: ProjectionRequest,
): Promise<Result<LoanProjectionView> | undefined> {
  const { rows } = await pool.query<object>(`select ${loans.columnsOf('l')} from loans l where l.id = $1::uuid`, [
    request.loanId,
  ]);
  if (!rows[0]) return undefined;
  const loan = loans.rowOf(rows[0]);
  if (loan.status !== 'open' || request.at >= loan.fundingDeadline)
    return problem('loan_not_open', 'The loan takes no investments any more.');
  const amount = parseAmount(request.amount, loan.scale);
  const remaining = loan.amount - loan.funded;
  if (!amount.ok || amount.minor > remaining) {
    const detail = `must be positive and at most ${formatAmount(remaining, loan.scale)}, which is still open`;
    return problem('invalid_amount', `The amount ${detail}.`, { errors: [{ pointer: '/amount', detail }] });
  }
  // The caller may be new, and so may the one who invests the rest.
  const isSmall = (loan.investorCount + 2) * loan.termMonths <= PARTS_MAX;
  const before = await stakesBefore(pool, request, isSmall);
  const stakes = stakesAfter(loan, before, { userId: request.userId, amount: amount.minor });
  const startDate = dateOf(request.at);
  const payments = ownPayments(loan, stakes, { startDate, settings });
  const investedBefore = before.find(({ user_id }) => user_id === request.userId)?.amount ?? 0n;
  const exact = isSmall && amount.minor === remaining;
  return {
    ok: true,
    value: projectionView(loan, { amount: amount.minor, investedBefore, exact, payments, startDate }),
  };
}

interface StakeRecord {
  user_id: string;
  amount: bigint;
}

function stakesBefore(pool: pg.Pool, { loanId, userId }: ProjectionRequest, all: boolean): Promise<StakeRecord[]> {
  const text = `select user_id, amount from loan_stakes
where loan_id = $1::uuid and ($3::boolean or user_id = $2::uuid) order by user_id`;
  return pool.query<StakeRecord>(text, [loanId, userId, all]).then(({ rows }) => rows);
}

/** Those who are not known yet, and those who are too many to be computed one by one, are taken as one, the last. */
function stakesAfter(loan: LoanRow, before: readonly StakeRecord[], mine: { userId: string; amount: bigint }): Stakes {
  const stakes = new Map(before.map(({ user_id, amount }) => [user_id, amount]));
  stakes.set(mine.userId, (stakes.get(mine.userId) ?? 0n) + mine.amount);
  const owners = [...stakes.keys()].sort();
  const weights = owners.map((owner) => stakes.get(owner) as bigint);
  const rest = loan.amount - weights.reduce((sum, weight) => sum + weight, 0n);
  return { weights: rest > 0n ? [...weights, rest] : weights, own: owners.indexOf(mine.userId) };
}

interface Projected {
  amount: bigint;
  investedBefore: bigint;
  exact: boolean;
  payments: readonly OwnPayment[];
  startDate: string;
}

function projectionView(
  loan: LoanRow,
  { amount, investedBefore, exact, payments, startDate }: Projected,
): LoanProjectionView {
  const text = (minor: bigint): string => formatAmount(minor, loan.scale);
  const sum = (part: (payment: OwnPayment) => bigint): bigint => payments.reduce((all, one) => all + part(one), 0n);
  const totalOf = ({ principal, interest }: OwnPayment): bigint => principal + interest;
  return {
    loan_id: formatId('loan', loan.id),
    asset: loan.asset,
    amount: text(amount),
    invested_before: text(investedBefore),
    exact,
    payments: payments.map((payment) => ({
      number: payment.number,
      due_date: payment.dueDate,
      principal: text(payment.principal),
      interest: text(payment.interest + payment.fee),
      fee: text(payment.fee),
      total: text(totalOf(payment)),
    })),
    interest: text(sum(({ interest, fee }) => interest + fee)),
    fees: text(sum(({ fee }) => fee)),
    total: text(sum(totalOf)),
    xirr_flows: [
      { date: startDate, amount: text(-(investedBefore + amount)) },
      ...payments.map((payment) => ({ date: payment.dueDate, amount: text(totalOf(payment)) })),
    ],
  };
}
