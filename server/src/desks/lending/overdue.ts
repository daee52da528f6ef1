import type { OverdueName } from '@millrace/contract';
import type { Overdue } from '../desk.ts';
import { type DueKind, STAGES } from './due.ts';
import { DEFAULT_AFTER_DAYS } from './settings.ts';

/** The scheduler looks once a minute: what it has not done after five times is not on its way. */
const GRACE_MS = 5 * 60_000;

/** How each is found, by what is to be done about it: `since` and `detail` as SQL over `loans`. */
interface Words {
  name: OverdueName;
  since(defaultAfterDays: number): string;
  detail: string;
}

const WORDS: Readonly<Record<DueKind, Words>> = {
  expire_loan: {
    name: 'loans_past_deadline',
    since: () => 'funding_deadline',
    detail: "'is open past its deadline: it is to expire, and all money to go back'",
  },
  collect_installment: {
    name: 'installments_not_asked_for',
    since: () => "collect_on::timestamp at time zone 'UTC'",
    detail: "format('instalment %s, due on %s, was not asked for', next_number, next_due)",
  },
  default_loan: {
    name: 'loans_not_defaulted',
    since: (days) => `(asked_on + ${days})::timestamp at time zone 'UTC'`,
    detail: "format('instalment %s was first asked for on %s: the loan is to default', next_number, asked_on)",
  },
};

/** What is still due that was due a while ago. */
export function lendingOverdue({ defaultAfterDays = DEFAULT_AFTER_DAYS } = {}): readonly Overdue[] {
  return STAGES.map(({ kind, key, dueSql, until }) => {
    const { name, since, detail } = WORDS[kind];
    return {
      name,
      doneBy: 'scheduler',
      kind,
      graceMs: GRACE_MS,
      until: (at) => until({ at, defaultAfterDays }),
      sql: `select 'loan_' || id as subject, ${since(defaultAfterDays)} as since, ${detail} as detail
from loans where ${dueSql} order by ${key}, id`,
    };
  });
}
