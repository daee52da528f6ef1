import type { Overdue } from '../desk.ts';

/** A withdrawal goes out at once; behind thousands of others it takes minutes. */
const SENT_GRACE_MS = 15 * 60_000;
/** What is outside answers within seconds, and was asked sixty times by then. It may still pay: nothing is given up by this. */
const ANSWER_GRACE_MS = 60 * 60_000;

// No order is of an earlier time than its creation, by which the index of unfinished orders finds it.
const withdrawals = (stage: 'requested' | 'sent', since: 'created_at' | 'updated_at', words: string): string => `
select 'ord_' || id as subject, ${since} as since,
  format('%s %s ${words}', result ->> 'amount', result ->> 'asset') as detail
from orders where status in ('pending', 'open') and created_at <= $1::timestamptz
  and kind = 'withdraw' and result ->> 'stage' = '${stage}' and ${since} <= $1::timestamptz
order by created_at`;

const until = (at: number): string => new Date(at).toISOString();

export const PAYMENTS_OVERDUE: readonly Overdue[] = [
  {
    name: 'withdrawals_not_sent',
    doneBy: 'jobs',
    graceMs: SENT_GRACE_MS,
    until,
    sql: withdrawals('requested', 'created_at', 'were requested, and not sent outside'),
  },
  {
    name: 'withdrawals_unanswered',
    doneBy: 'jobs',
    graceMs: ANSWER_GRACE_MS,
    until,
    sql: withdrawals('sent', 'updated_at', 'were sent outside, which has not answered'),
  },
];
