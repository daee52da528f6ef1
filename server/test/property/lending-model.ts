import { type ModelInstallment, modelSchedule, modelSplit, Precise, sum } from './lending-model-schedule.ts';

export { sum } from './lending-model-schedule.ts';

/**
 * Lending as the specification words it: plain objects, one command at a time, the most obvious arithmetic. Shares no
 * code with the desk, so that a misunderstanding would have to be made twice.
 */

const DAY_MS = 86_400_000;

export type ModelCommand =
  | {
      op: 'create';
      id: string;
      loan: string;
      borrower: string;
      asset: string;
      amount: string;
      apr: string;
      term: number;
      deadline: number;
    }
  | { op: 'fund'; id: string; user: string; loan: string; amount: string | number; partial: boolean }
  | { op: 'repay'; id: string; user: string; loan: string }
  /** Someone else than the borrower pays, of a loan in default. */
  | { op: 'recover'; id: string; user: string; loan: string }
  | { op: 'expire'; id: string; loan: string }
  | { op: 'close'; id: string; loan: string }
  | { op: 'collect'; id: string; loan: string; number: number }
  | { op: 'default'; id: string; loan: string }
  | { op: 'deposit'; id: string; user: string; asset: string; amount: string }
  /** All of the user's money leaves. */
  | { op: 'drain'; id: string; user: string; asset: string };

export interface ModelLoan {
  borrower: string;
  asset: string;
  amount: bigint;
  apr: string;
  term: number;
  deadline: number;
  status: string;
  stakes: Record<string, bigint>;
  notes: Record<string, bigint>;
  schedule: ModelInstallment[];
  /** The day on which the oldest unpaid instalment was first asked for in vain. */
  asked: string | undefined;
}

export interface ModelState {
  users: string[];
  loans: Record<string, ModelLoan>;
  /** `user/asset` → minor units. */
  cash: Record<string, bigint>;
  /** asset → minor units. */
  fees: Record<string, bigint>;
  /** Every event, as `type loan user what`. */
  events: string[];
}

/** `completed`, or a reason, or `refused` and a code; then what was accepted. */
type ModelOutcome = string;

export const SCALES: Record<string, number> = { USD: 2, JPY: 0 };
const FEE_RATE = '0.01';
const DEFAULT_DAYS = 90;
const OWING = ['repaying', 'late', 'defaulted'];

export const newModel = (users: string[]): ModelState => ({ users, loans: {}, cash: {}, fees: {}, events: [] });

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
export const nextOf = (loan: ModelLoan): number => loan.schedule.findIndex(({ state }) => state !== 'paid');

/** undefined for what is no positive amount at the scale. */
function minorOf(amount: string | number, scale: number): bigint | undefined {
  const minor = new Precise(amount).times(new Precise(10).pow(scale));
  return minor.isInteger() && minor.gt(0) ? BigInt(minor.toFixed()) : undefined;
}

function add(balances: Record<string, bigint>, name: string, amount: bigint): void {
  balances[name] = (balances[name] ?? 0n) + amount;
}

/** Decides one command, changes the state, and says what came of it. */
export function modelStep(state: ModelState, command: ModelCommand, at: number): ModelOutcome {
  if (command.op === 'deposit') {
    add(state.cash, `${command.user}/${command.asset}`, minorOf(command.amount, SCALES[command.asset]!)!);
    return 'completed';
  }
  if (command.op === 'drain') {
    state.cash[`${command.user}/${command.asset}`] = 0n;
    return 'completed';
  }
  if (command.op === 'create') return create(state, command, at);
  const loan = state.loans[command.loan];
  switch (command.op) {
    case 'fund':
      return fund(state, loan, command, at);
    case 'repay':
      if (!loan) return 'loan_not_found';
      if (loan.borrower !== command.user) return 'not_borrower';
      if (!OWING.includes(loan.status)) return 'loan_not_repaying';
      return pay(state, command.loan, loan, loan.borrower, at) ? 'completed' : 'insufficient_funds';
    case 'recover':
      if (!loan) return 'loan_not_found';
      if (loan.status !== 'defaulted') return 'loan_not_defaulted';
      if ((loan.notes[command.user] ?? 0n) > 0n) return 'same_account';
      return pay(state, command.loan, loan, command.user, at) ? 'completed' : 'insufficient_funds';
    case 'expire':
      if (!loan) return 'loan_not_found';
      if (loan.status !== 'open') return 'loan_closed';
      if (at < loan.deadline) return 'not_due';
      return refund(state, loan, command.loan, 'expired');
    case 'close':
      if (!loan) return 'loan_not_found';
      if (loan.status !== 'open') return 'loan_closed';
      return refund(state, loan, command.loan, 'closed');
    case 'collect':
      return collect(state, loan, command, at);
    case 'default':
      return giveUp(state, loan, command.loan, at);
  }
}

function create(state: ModelState, command: ModelCommand & { op: 'create' }, at: number): ModelOutcome {
  const scale = SCALES[command.asset];
  if (scale === undefined) return 'refused invalid_request /asset';
  const amount = minorOf(command.amount, scale);
  if (amount === undefined || amount < BigInt(command.term)) return 'refused invalid_amount /amount';
  if (command.deadline <= at) return 'refused invalid_request /funding_deadline';
  if (lastIsBalloon(modelSchedule(amount, command.apr, command.term, dayOf(at))))
    return 'refused invalid_request /term_months';
  if (!state.users.includes(command.borrower)) return 'refused invalid_request /borrower_id';
  if (state.loans[command.loan]) return 'refused id_taken /loan_id';
  const { borrower, asset, apr, term, deadline } = command;
  state.loans[command.loan] = {
    borrower,
    asset,
    amount,
    apr,
    term,
    deadline,
    status: 'open',
    stakes: {},
    notes: {},
    schedule: [],
    asked: undefined,
  };
  state.events.push(`loan_created ${command.loan} - ${amount}`);
  return 'completed';
}

/** Whether the last payment is more than two of the others. */
function lastIsBalloon(schedule: readonly ModelInstallment[]): boolean {
  const payments = schedule.map(({ principal, interest }) => principal + interest);
  return payments.at(-1)! > 2n * payments[0]!;
}

function fund(
  state: ModelState,
  loan: ModelLoan | undefined,
  command: ModelCommand & { op: 'fund' },
  at: number,
): ModelOutcome {
  const asked = minorOf(command.amount, SCALES[loan?.asset ?? 'USD']!);
  if (asked === undefined) return 'refused invalid_amount /amount';
  if (!loan) return 'loan_not_found';
  const open = loan.amount - sum(Object.values(loan.stakes));
  if (open === 0n) return 'loan_fully_funded';
  if (loan.status !== 'open' || at >= loan.deadline) return 'loan_closed';
  if (loan.borrower === command.user) return 'own_loan';
  if (asked > open && !command.partial) return 'exceeds_remaining';
  const accepted = asked > open ? open : asked;
  const wallet = `${command.user}/${loan.asset}`;
  if ((state.cash[wallet] ?? 0n) < accepted) return 'insufficient_funds';
  add(state.cash, wallet, -accepted);
  add(loan.stakes, command.user, accepted);
  if (accepted === open) payOut(state, command.loan, loan, at);
  return `completed ${accepted}`;
}

function payOut(state: ModelState, id: string, loan: ModelLoan, at: number): void {
  add(state.cash, `${loan.borrower}/${loan.asset}`, loan.amount);
  loan.status = 'repaying';
  loan.schedule = modelSchedule(loan.amount, loan.apr, loan.term, dayOf(at));
  loan.notes = { ...loan.stakes };
  state.events.push(`loan_funded ${id} - ${loan.amount}`, `loan_disbursed ${id} ${loan.borrower} ${loan.amount}`);
  for (const user of Object.keys(loan.stakes)) state.events.push(`notes_issued ${id} ${user} ${loan.stakes[user]}`);
}

function refund(state: ModelState, loan: ModelLoan, id: string, status: 'expired' | 'closed'): ModelOutcome {
  loan.status = status;
  state.events.push(`loan_${status} ${id} - ${sum(Object.values(loan.stakes))}`);
  for (const [user, amount] of Object.entries(loan.stakes)) {
    add(state.cash, `${user}/${loan.asset}`, amount);
    state.events.push(`investment_refunded ${id} ${user} ${amount}`);
  }
  return 'completed';
}

/** The oldest unpaid instalment, whole or not at all. */
function pay(state: ModelState, id: string, loan: ModelLoan, payer: string, at: number): boolean {
  const index = nextOf(loan);
  const part = loan.schedule[index]!;
  const payment = part.principal + part.interest;
  const wallet = `${payer}/${loan.asset}`;
  if ((state.cash[wallet] ?? 0n) < payment) return false;
  const wanted = BigInt(new Precise(payment.toString()).times(FEE_RATE).toDecimalPlaces(0).toFixed());
  const fee = wanted > part.interest ? part.interest : wanted;
  const holders = Object.keys(loan.notes)
    .filter((user) => loan.notes[user]! > 0n)
    .sort();
  const weights = holders.map((user) => loan.notes[user]!);
  const principals = modelSplit(part.principal, weights);
  const interests = modelSplit(part.interest - fee, weights);
  add(state.cash, wallet, -payment);
  add(state.fees, loan.asset, fee);
  state.events.push(`installment_paid ${id} - ${index + 1}/${part.principal}/${part.interest}/${fee}`);
  for (const [i, user] of holders.entries()) {
    add(state.cash, `${user}/${loan.asset}`, principals[i]! + interests[i]!);
    loan.notes[user]! -= principals[i]!;
    if (principals[i]! + interests[i]! > 0n) {
      state.events.push(`repayment_received ${id} ${user} ${index + 1}/${principals[i]}/${interests[i]}`);
    }
  }
  part.state = 'paid';
  loan.asked = undefined;
  afterPayment(state, id, loan, dayOf(at));
  return true;
}

function afterPayment(state: ModelState, id: string, loan: ModelLoan, today: string): void {
  const following = loan.schedule[nextOf(loan)];
  if (!following) {
    loan.status = 'repaid';
    state.events.push(`loan_repaid ${id} - -`);
  } else if (loan.status !== 'repaying' && following.state !== 'late' && following.due >= today) {
    loan.status = 'repaying';
    state.events.push(`loan_current ${id} - -`);
  }
}

function collect(
  state: ModelState,
  loan: ModelLoan | undefined,
  command: ModelCommand & { op: 'collect' },
  at: number,
): ModelOutcome {
  if (!loan) return 'loan_not_found';
  const part = loan.schedule[command.number - 1];
  if (!OWING.includes(loan.status) || !part) return 'loan_not_repaying';
  if (part.state === 'paid') return 'already_paid';
  if (part.due > dayOf(at)) return 'not_due';
  if (nextOf(loan) !== command.number - 1) return 'earlier_unpaid';
  if (pay(state, command.loan, loan, loan.borrower, at)) return 'completed';
  if (loan.status === 'repaying') {
    state.events.push(`loan_late ${command.loan} - ${command.number}`);
    loan.status = 'late';
  }
  loan.asked ??= dayOf(at);
  part.state = 'late';
  return 'completed missed';
}

function giveUp(state: ModelState, loan: ModelLoan | undefined, id: string, at: number): ModelOutcome {
  if (!loan) return 'loan_not_found';
  if (loan.status !== 'repaying' && loan.status !== 'late') return 'loan_not_repaying';
  if (loan.asked === undefined || Date.parse(dayOf(at)) - Date.parse(loan.asked) < DEFAULT_DAYS * DAY_MS)
    return 'not_due';
  loan.status = 'defaulted';
  state.events.push(`loan_defaulted ${id} - ${sum(Object.values(loan.notes))}`);
  return 'completed';
}
