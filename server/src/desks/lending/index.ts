import type { lending } from '@millrace/contract';
import type { DeskModule } from '../module.ts';
import { LENDING_CHECKS } from './checks.ts';
import { LENDING_DEMO } from './demo/index.ts';
import { createLendingDesk } from './desk.ts';
import { LENDING_DUE } from './due.ts';
import { LENDING_LINES, LENDING_TOTALS, LOANS_FOUND } from './read-models.ts';
import { lendingResources } from './resources.ts';
import { noteAssetOf } from './rows.ts';
import { limitsView } from './views.ts';
import { LENDING_CONFIG, lendingOptions } from './settings.ts';

export { createLendingDesk } from './desk.ts';
export type { LendingChange, LendingRows } from './rows.ts';

/** Loans: investors fund them, instalments come back. */
export const LENDING = {
  options: LENDING_CONFIG,
  named: [
    {
      id: 'loan',
      assetPrefix: noteAssetOf(''),
      sql: 'select id, purpose as name from loans where id = any($1::uuid[])',
    },
  ],
  lines: LENDING_LINES,
  totals: LENDING_TOTALS,
  found: { loan: LOANS_FOUND },
  demo: LENDING_DEMO,
  checks: LENDING_CHECKS,
  overdue: LENDING_DUE.overdue,
  create(context) {
    const options = lendingOptions(context.config, context.assets.currency);
    return {
      desk: createLendingDesk(options),
      resources: lendingResources(context, options),
      settings: { loan_limits: limitsView(options.loanLimits) },
      due: LENDING_DUE.source(context.pool),
    };
  },
} as const satisfies DeskModule<typeof lending, typeof LENDING_CONFIG>;
