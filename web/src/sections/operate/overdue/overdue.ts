import type { WireOverview } from '@millrace/contract';
import { OVERDUE_LABELS, type OverdueName } from '@millrace/contract/vocabulary';
import { formatCount } from '../../../money/index.ts';
import { wordsOfName } from '../../../wording/index.ts';

type Overdue = WireOverview['overdue'];

/** A kind that is newer than this page is named by its name. */
export function overdueLabel(name: string): string {
  return Object.hasOwn(OVERDUE_LABELS, name) ? OVERDUE_LABELS[name as OverdueName] : wordsOfName(name);
}

/** The whole in a sentence. */
export function overdueWords({ count, explained }: Pick<Overdue, 'count' | 'explained'>): string {
  const waits = `${formatCount(explained)} ${explained === 1 ? 'waits' : 'wait'} for a known reason.`;
  if (count > 0)
    return `${formatCount(count)} ${count === 1 ? 'is' : 'are'} overdue.${explained > 0 ? ` ${waits}` : ''}`;
  return explained > 0 ? waits : 'Nothing is overdue.';
}
