import { byKind, type ByKind, type KindOfDesk } from '../../kit/index.ts';
import type { LendingSettings } from '../settings.ts';
import type { LendingDecision, LendingView } from './common.ts';
import { decideCreate } from './create.ts';
import { decideClosing, decideExpiry } from './end-funding.ts';
import { decideFunding } from './fund.ts';
import { decideCollection, decideDefault, decideRecovery, decideRepayment } from './repay.ts';

const DECISIONS: ByKind<KindOfDesk<'lending'>, [view: LendingView, settings: LendingSettings], LendingDecision> = {
  fund_loan: decideFunding,
  repay_loan: decideRepayment,
  recover_loan: decideRecovery,
  create_loan: decideCreate,
  close_loan: decideClosing,
  expire_loan: decideExpiry,
  collect_installment: decideCollection,
  default_loan: decideDefault,
};

export const LENDING_KINDS = Object.keys(DECISIONS);
export const decideLending = byKind(DECISIONS);
