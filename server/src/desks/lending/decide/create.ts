import { dateOf } from '../../../core/clock.ts';
import { formatId, isCallersUuid, parseId } from '../../../core/ids.ts';
import { type Asset, formatAmount, parseAmount } from '../../../core/money.ts';
import { refuse } from '../../desk.ts';
import { amountIn, type CommandOf, completed } from '../../kit/index.ts';
import type { LoanRow } from '../rows.ts';
import { annuitySchedule, balloonOf, rateMillionths } from '../schedule.ts';
import type { LendingSettings, LoanLimits } from '../settings.ts';
import { type LendingDecision, type LendingView, loanEvent, loanUuid } from './common.ts';

/** PostgreSQL's text cannot hold U+0000, and no other control character belongs into a purpose that others are shown. */
const CONTROL = /\p{Cc}/u;

/**
 * Opens a loan. Refusals, in order: unknown asset or notes of another loan, amount (also where
 * an instalment would be zero), purpose, deadline not in the future, amount, rate, term or deadline beyond the
 * installation's limits, a last payment of more than two regular ones, unknown borrower, id taken.
 */
export function decideCreate(
  command: CommandOf<'create_loan'>,
  view: LendingView,
  { loanLimits }: LendingSettings,
): LendingDecision {
  const { params } = command;
  const asset = params.asset === undefined ? view.assets.currency : view.assets.get(params.asset);
  if (asset?.class !== 'currency') return refuse('invalid_request', 'Loans are not made in this asset.', '/asset');
  const amount = amountIn(asset, params.amount);
  if (!amount.ok) return amount.decision;
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
  const terms = { asset, minor: amount.minor, apr: params.apr, termMonths: params.term_months };
  const refusal =
    refuseTerms(terms, loanLimits) ?? refuseDeadline(fundingDeadline, command.at, loanLimits) ?? refuseBalloon(terms);
  if (refusal) return refusal;
  const borrowerId = parseId('user', params.borrower_id);
  if (borrowerId === undefined || !view.rows.users.has(borrowerId)) {
    return refuse('invalid_request', 'There is no such user.', '/borrower_id');
  }
  const id = params.loan_id === undefined ? command.id : loanUuid(params.loan_id);
  if (params.loan_id !== undefined && !isCallersUuid(id))
    return refuse('invalid_request', 'Callers’ ids are UUIDs of the versions 1 to 7.', '/loan_id');
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

const DAY_MS = 86_400_000;

interface Terms {
  asset: Asset;
  minor: bigint;
  apr: string;
  termMonths: number;
}

/** Terms that nobody means; each is told with the value and the limit. */
function refuseTerms({ asset, minor, apr, termMonths }: Terms, limits: LoanLimits): LendingDecision | undefined {
  const amountMax = parseAmount(limits.amountMax, asset.scale);
  // A limit beyond all amounts limits nothing.
  if (amountMax.ok && minor > amountMax.minor) {
    const [given, most] = [minor, amountMax.minor].map((value) => formatAmount(value, asset.scale));
    return refuse(
      'invalid_amount',
      `The amount is ${given} ${asset.code}, the most that a loan has here ${most}.`,
      '/amount',
    );
  }
  if (rateMillionths(apr) > rateMillionths(limits.rateMax)) {
    const percents = `${percentOf(apr)} % a year, the most that a loan has here is ${percentOf(limits.rateMax)} %`;
    return refuse('invalid_request', `The rate is ${percents}: 7.25 % is written as "0.0725".`, '/apr');
  }
  if (termMonths > limits.termMonthsMax) {
    const detail = `The term is ${termMonths} months, the longest that a loan has here ${limits.termMonthsMax}.`;
    return refuse('invalid_request', detail, '/term_months');
  }
  return undefined;
}

function refuseDeadline(deadline: number, at: number, { fundingDaysMax }: LoanLimits): LendingDecision | undefined {
  const last = at + fundingDaysMax * DAY_MS;
  if (deadline <= last) return undefined;
  const detail = `The deadline is more than ${fundingDaysMax} days away; the last day that is taken is ${dateOf(last)}.`;
  return refuse('invalid_request', detail, '/funding_deadline');
}

/** Roundings must not leave the borrower with a last payment of more than two regular ones. */
function refuseBalloon({ asset, minor, apr, termMonths }: Terms): LendingDecision | undefined {
  // The dates do not matter to the amounts.
  const schedule = annuitySchedule({ amount: minor, apr, termMonths, startDate: '2000-01-01' });
  const regular = (schedule[0]?.principal ?? 0n) + (schedule[0]?.interest ?? 0n);
  const balloon = balloonOf(schedule);
  if (balloon <= regular) return undefined;
  const [payment, last] = [regular, regular + balloon].map((value) => formatAmount(value, asset.scale));
  return refuse(
    'invalid_request',
    `Rounded to ${asset.code}, ${termMonths} payments of ${payment} would leave a last one of ${last}: choose a shorter term, a lower rate or a larger amount.`,
    '/term_months',
  );
}

/** "0.0725" → "7.25". */
function percentOf(rate: string): string {
  return formatAmount(rateMillionths(rate), 4).replace(/\.?0+$/, '');
}
