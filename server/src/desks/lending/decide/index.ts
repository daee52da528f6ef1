import { lending } from '@millrace/contract';
import type { Command } from '../../desk.ts';
import type { LendingSettings } from '../settings.ts';
import type { CommandOf, LendingDecision, LendingView } from './common.ts';
import { decideCreate } from './create.ts';
import { decideClosing, decideExpiry } from './end-funding.ts';
import { decideFunding } from './fund.ts';
import { decideCollection, decideDefault, decideRecovery, decideRepayment } from './repay.ts';

type LendingKind = keyof typeof lending.kinds;

export const LENDING_KINDS = Object.keys(lending.kinds) as readonly LendingKind[];

/** Intake has validated the parameters against the schema of the command's kind. */
type LendingCommand = {
  [Kind in LendingKind]: CommandOf<Kind> & { kind: Kind };
}[LendingKind];

export function isLendingCommand(command: Command): command is Command & LendingCommand {
  return (LENDING_KINDS as readonly string[]).includes(command.kind);
}

export function decideLending(command: Command, view: LendingView, settings: LendingSettings): LendingDecision {
  if (!isLendingCommand(command)) throw new Error(`${command.kind} is no command of the lending desk`);
  switch (command.kind) {
    case 'fund_loan':
      return decideFunding(command, view);
    case 'repay_loan':
      return decideRepayment(command, view, settings);
    case 'recover_loan':
      return decideRecovery(command, view, settings);
    case 'create_loan':
      return decideCreate(command, view, settings);
    case 'close_loan':
      return decideClosing(command, view);
    case 'expire_loan':
      return decideExpiry(command, view);
    case 'collect_installment':
      return decideCollection(command, view, settings);
    case 'default_loan':
      return decideDefault(command, view, settings);
    default:
      throw new Error(`unknown kind ${(command satisfies never as Command).kind}`);
  }
}
