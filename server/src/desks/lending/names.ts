import type { KindName } from '@millrace/contract';
import { parseId } from '../../core/ids.ts';
import { type Asset, parseAmount } from '../../core/money.ts';
import type { Command } from '../desk.ts';
import { type CommandOf, loanUuid } from './decide/common.ts';
import { isLendingCommand } from './decide/index.ts';
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
  for (const command of commands) {
    if (!isLendingCommand(command)) throw new Error(`${command.kind} is no command of the lending desk`);
    if (command.kind === 'create_loan') nameCreation(command, names, currency);
    else names.loanIds.add(loanUuid(command.params.loan_id));
    if (command.kind === 'recover_loan' && command.userId !== null)
      push(names.recovering, loanUuid(command.params.loan_id), command.userId);
    if (command.kind === 'fund_loan') nameFunding(command, names);
    else if (command.kind !== 'create_loan') groupOf(command.kind, names).add(loanUuid(command.params.loan_id));
  }
  return names;
}

function groupOf(kind: Exclude<KindName, 'create_loan' | 'fund_loan'>, names: Names): Set<string> {
  if (kind === 'expire_loan' || kind === 'close_loan') return names.ending;
  return kind === 'default_loan' ? names.defaulting : names.paying;
}

function nameCreation(command: CommandOf<'create_loan'>, names: Names, currency: Asset): void {
  const { params } = command;
  const id = params.loan_id === undefined ? command.id : loanUuid(params.loan_id);
  const borrowerId = parseId('user', params.borrower_id);
  if (borrowerId === undefined) throw new Error(`${params.borrower_id} is no user id`);
  names.loanIds.add(id);
  names.borrowerIds.add(borrowerId);
  push(names.created, id, { borrowerId, asset: params.asset ?? currency.code });
}

function nameFunding(command: CommandOf<'fund_loan'>, names: Names): void {
  const { params, userId } = command;
  if (userId === null) return;
  push(names.fundings, loanUuid(params.loan_id), {
    userId,
    amount: params.amount,
    allowPartial: params.allow_partial === true,
  });
}

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
