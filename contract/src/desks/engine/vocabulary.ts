import type { Vocabulary } from '../vocabulary-entry.ts';

/** What belongs to no desk, or to all. */
export const ENGINE_VOCABULARY = {
  ids: {
    user: 'usr',
    order: 'ord',
    account: 'acc',
    key: 'key',
    session: 'ses',
    deadLetter: 'dl',
  },
  purposes: {
    cash: { owner: 'user', mayBeNegative: false, words: 'cash' },
    fees: { owner: 'installation', mayBeNegative: false, words: 'fees of the installation' },
    outside: { owner: 'installation', mayBeNegative: true, words: 'outside world' },
  },
  reasons: {
    insufficient_funds: {
      text: 'There is not enough available money.',
      advice: 'Bring money in, or choose a smaller amount.',
    },
    balance_limit: {
      text: 'The balance would exceed what an account can hold.',
      advice: 'Choose a smaller amount, or wait until some of the money has been moved.',
    },
    amount_limit: {
      text: 'The amount exceeds the limit for this kind of order.',
      advice: 'Choose a smaller amount, or place several orders.',
    },
    unknown_asset: {
      text: 'This asset does not exist here.',
      advice: 'Choose an asset that this installation has.',
    },
    user_not_found: { text: 'There is no such user.', advice: 'Check the id of the receiver.' },
    deadline_passed: {
      text: 'It was not carried out by its deadline, and will not be.',
      advice: 'The money is back where it was. Try again later.',
    },
    order_final: {
      text: 'The order that it is about is final already.',
      advice: 'Nothing more can be done with that order.',
    },
    canceled_by_user: { text: 'The user canceled it.', advice: 'The money is back where it was.' },
    internal_error: {
      text: 'It failed for a technical reason; no money was moved.',
      advice: 'An operator will look at it.',
    },
  },
  transfers: {},
  orders: {},
  commands: {},
  events: {
    order_processed: { title: 'Decided', tone: 'calm' },
    dead_letter_added: { title: 'Waits for an operator', tone: 'bad' },
  },
  fields: {
    amount: { label: 'Amount', isAmount: true },
    asset: { label: 'Asset' },
    order_id: { label: 'Order' },
    stage: { label: 'Stage' },
    user_id: { label: 'User' },
  },
  overdue: {
    jobs_failing: 'Jobs that keep failing',
    scheduler_stands_still: 'Shards whose scheduler stands still',
  },
} as const satisfies Vocabulary;
