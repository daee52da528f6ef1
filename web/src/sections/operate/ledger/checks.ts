import { wordsOfName } from '../../../wording/index.ts';

/** What each check of the books proves, in a sentence. */
const MEANINGS: Readonly<Record<string, string>> = {
  balances_equal_transfers: 'Every balance is the sum of its account’s transfers.',
  assets_sum_to_zero: 'Every asset sums to zero over all accounts.',
  transfers_have_accounts: 'Every transfer stands between two accounts of its asset.',
  accounts_not_overdrawn: 'No account is below what it may have.',
  held_equals_holds: 'What is set aside is the sum of the open holds.',
  holds_are_sound: 'No hold was used for more than it held.',
  account_ids_are_derived: 'Every account has the id that follows from whose it is and what for.',
  accounts_are_whole: 'Every shard’s part of an account of the installation belongs to that account.',
  transfers_have_orders: 'Every transfer belongs to an order.',
  completed_orders_have_transfers: 'Every completed order moved what it says.',
  postings_act_once: 'No order moved its money twice.',
  idempotency_keys_have_orders: 'Every idempotency key belongs to an order.',
  orders_and_events_agree: 'The newest event of each order says what the order says.',
  visible_orders_have_events: 'Every order was told.',
  event_counts_are_exact: 'The counts of the overview are those of the log.',
  transfer_totals_are_exact: 'The totals of the first page are those of the ledger.',
  lending_escrow: 'A loan’s escrow holds exactly what its investors put in.',
  lending_stakes: 'A loan’s stakes sum to what is funded.',
  lending_funded: 'No loan took more than its amount.',
  lending_notes: 'The notes that are held are the principal that is owed.',
  lending_schedule: 'A schedule’s principal sums to its loan.',
  dropped_orders_are_counted: 'Every rejected order that was dropped is counted.',
  payments_pending_withdrawals: 'Every pending withdrawal is in the list of those that wait.',
  payments_withdrawals: 'Every pending withdrawal has its money set aside.',
};

const PATTERNS: readonly { ending: string; meaning: (what: string) => string }[] = [
  { ending: '_have_no_gap', meaning: (what) => `The log of ${what} has no gap.` },
  { ending: '_are_complete', meaning: (what) => `The list of ${what} lacks nothing.` },
  { ending: '_are_in_order', meaning: (what) => `The list of ${what} is in order.` },
];

/** A check that is newer than this page is named by its name. */
export function meaningOf(check: string): string {
  const known = MEANINGS[check];
  if (known !== undefined) return known;
  const pattern = PATTERNS.find(({ ending }) => check.endsWith(ending));
  if (pattern) return pattern.meaning(check.slice(0, -pattern.ending.length).replaceAll('_', ' '));
  return `${wordsOfName(check)}.`;
}
