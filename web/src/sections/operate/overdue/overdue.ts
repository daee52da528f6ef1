import type { WireOverview } from '@millrace/contract';
import { formatCount } from '../../../money/index.ts';
import { wordsOfName } from '../../../wording/index.ts';

type Overdue = WireOverview['overdue'];

const KINDS: Readonly<Record<string, string>> = {
  loans_past_deadline: 'Loans open past their deadline',
  installments_not_asked_for: 'Instalments not asked for',
  loans_not_defaulted: 'Late loans whose time is over',
  withdrawals_not_sent: 'Withdrawals not sent',
  withdrawals_unanswered: 'Withdrawals sent and not answered',
  jobs_failing: 'Jobs that keep failing',
};

/** A kind that is newer than this page is named by its name. */
export function overdueLabel(name: string): string {
  return KINDS[name] ?? wordsOfName(name);
}

/** The whole in a sentence. */
export function overdueWords({ count, explained }: Pick<Overdue, 'count' | 'explained'>): string {
  const waits = `${formatCount(explained)} ${explained === 1 ? 'waits' : 'wait'} for a known reason.`;
  if (count > 0)
    return `${formatCount(count)} ${count === 1 ? 'is' : 'are'} overdue.${explained > 0 ? ` ${waits}` : ''}`;
  return explained > 0 ? waits : 'Nothing is overdue.';
}
