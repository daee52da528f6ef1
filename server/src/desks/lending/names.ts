import { type Asset, parseAmount } from '../../core/money.ts';
import type { Command } from '../desk.ts';
import { byKind, type ByKind, type CommandOf, type KindOfDesk, uuidIn } from '../kit/index.ts';
import { loanUuid } from './decide/common.ts';
import type { LoanRow } from './rows.ts';

export interface RequestedFunding {
  userId: string;
  amount: string | number;
  allowPartial: boolean;
}

/** A loan that a command of the batch may create: later commands of the same batch may use it already. */
export interface PossibleLoan {
  borrowerId: string;
  asset: string;
}

/** What the commands of a batch name: all that can be said about them before anything is read. */
export interface Names {
  loanIds: Set<string>;
  borrowerIds: Set<string>;
  fundings: Map<string, RequestedFunding[]>;
  created: Map<string, PossibleLoan[]>;
  /** Loans whose funding may end without success: all of their stakes are needed. */
  ending: Set<string>;
  /** Loans of which an instalment may be paid: schedule and holders are needed. */
  paying: Set<string>;
  /** Loan → who may pay in the borrower’s place. */
  recovering: Map<string, string[]>;
  /** Loans that may be given up: the schedule is needed. */
  defaulting: Set<string>;
}

export function namesOf(commands: readonly Command[], currency: Asset): Names {
  const names: Names = {
    loanIds: new Set(),
    borrowerIds: new Set(),
    fundings: new Map(),
    created: new Map(),
    ending: new Set(),
    paying: new Set(),
    recovering: new Map(),
    defaulting: new Set(),
  };
  for (const command of commands) name(command, names, currency);
  return names;
}

type OnLoan = CommandOf<Exclude<KindOfDesk<'lending'>, 'create_loan'>>;

/** The loan that a command is about. */
function theLoan({ params }: OnLoan, names: Names): string {
  const id = loanUuid(params.loan_id);
  names.loanIds.add(id);
  return id;
}

const ends = (command: OnLoan, names: Names): void => void names.ending.add(theLoan(command, names));
const pays = (command: OnLoan, names: Names): void => void names.paying.add(theLoan(command, names));

/** Nothing is thrown for a command that lacks its user: the decision will say so, and only its own command fails. */
const NAMES: ByKind<KindOfDesk<'lending'>, [names: Names, currency: Asset], void> = {
  fund_loan(command, names) {
    const loanId = theLoan(command, names);
    const { userId, params } = command;
    if (userId === null) return;
    push(names.fundings, loanId, { userId, amount: params.amount, allowPartial: params.allow_partial === true });
  },
  create_loan({ id, params }, names, currency) {
    const loanId = params.loan_id === undefined ? id : loanUuid(params.loan_id);
    const borrowerId = uuidIn('user', params.borrower_id);
    names.loanIds.add(loanId);
    names.borrowerIds.add(borrowerId);
    push(names.created, loanId, { borrowerId, asset: params.asset ?? currency.code });
  },
  recover_loan(command, names) {
    const loanId = theLoan(command, names);
    names.paying.add(loanId);
    if (command.userId !== null) push(names.recovering, loanId, command.userId);
  },
  repay_loan: pays,
  collect_installment: pays,
  close_loan: ends,
  expire_loan: ends,
  default_loan: (command, names) => void names.defaulting.add(theLoan(command, names)),
};
const name = byKind(NAMES);

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

/** Whether the batch's fundings could add up to all that is still open on the loan. */
export function mayComplete(loan: LoanRow, fundings: readonly RequestedFunding[]): boolean {
  const remaining = loan.amount - loan.funded;
  let sum = 0n;
  for (const { amount, allowPartial } of fundings) {
    const parsed = parseAmount(amount, loan.scale);
    if (!parsed.ok) continue;
    if (parsed.minor <= remaining) sum += parsed.minor;
    else if (allowPartial) sum += remaining;
    if (sum >= remaining) return true;
  }
  return false;
}
