import type { Desk } from '../desk.ts';
import { defineDesk, type KindOfDesk, NoteHolders, RowGroups, RowSet, Users } from '../kit/index.ts';
import { accountsOfLoans } from './accounts.ts';
import { applyLending, summarizeLending } from './apply.ts';
import { decideCreate } from './decide/create.ts';
import { decideClosing, decideExpiry } from './decide/end-funding.ts';
import { decideFunding } from './decide/fund.ts';
import { decideCollection, decideDefault, decideRecovery, decideRepayment } from './decide/repay.ts';
import {
  furtherOfLoans,
  namesDefault,
  namesEnd,
  namesFunding,
  namesNew,
  namesPayment,
  namesRecovery,
} from './naming.ts';
import {
  installments,
  type LendingChange,
  type LendingRows,
  loans,
  noPlans,
  noteAssets,
  noteScaleOf,
  stakes,
} from './rows.ts';
import { type LendingOptions, type LendingSettings, lendingSettings } from './settings.ts';

const lending = defineDesk<KindOfDesk<'lending'>, LendingRows, LendingChange, LendingSettings>({
  name: 'lending',
  rows: () => ({
    loans: new RowSet(loans),
    users: new Users(),
    stakes: new RowGroups(stakes),
    noteAssets: new RowSet(noteAssets),
    installments: new RowGroups(installments),
    holders: new NoteHolders(),
    plans: noPlans(),
    fundings: new Map(),
  }),
  kinds: {
    fund_loan: { names: namesFunding, decide: decideFunding },
    repay_loan: { names: namesPayment, decide: decideRepayment },
    recover_loan: { names: namesRecovery, decide: decideRecovery },
    create_loan: { names: namesNew, decide: decideCreate },
    close_loan: { names: namesEnd, decide: decideClosing },
    expire_loan: { names: namesEnd, decide: decideExpiry },
    collect_installment: { names: namesPayment, decide: decideCollection },
    default_loan: { names: namesDefault, decide: decideDefault },
  },
  further: furtherOfLoans,
  accounts: accountsOfLoans,
  apply: applyLending,
  summarize: summarizeLending,
  scaleOf: noteScaleOf,
});

/**
 * Loans: investors fund them out of their cash, the last unit pays the borrower and gives investors notes, instalments
 * come back to the notes' holders. The rules are at each decision, under `decide/`.
 */
export function createLendingDesk(options: LendingOptions): Desk<LendingRows, LendingChange> {
  return lending(lendingSettings(options));
}
