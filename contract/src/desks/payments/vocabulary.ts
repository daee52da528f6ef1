import type { Vocabulary } from '../vocabulary-entry.ts';

export const PAYMENTS_VOCABULARY = {
  ids: { merchant: 'merchant' },
  purposes: {
    merchant: { owner: 'merchant', mayBeNegative: false, words: 'merchant’s account' },
    promotions: { owner: 'installation', mayBeNegative: true, words: 'starting balances' },
  },
  reasons: {
    receiver_unavailable: { text: 'This user cannot receive money.', advice: 'Choose another receiver.' },
    merchant_unknown: {
      text: 'No merchant is registered under this handle.',
      advice: 'Choose a merchant that is registered here.',
    },
    merchant_disabled: {
      text: 'This merchant takes no payments at present.',
      advice: 'Choose another merchant, or ask later.',
    },
    same_account: { text: 'Sender and receiver are the same.', advice: 'Choose another receiver.' },
    gateway_missing: {
      text: 'This installation has no way for money to come in or go out yet.',
      advice: 'The operator of this installation connects one; transfers between users work all the same.',
    },
    withdrawal_too_small: {
      text: 'The withdrawal is smaller than the smallest that is made here.',
      advice: 'Withdraw more at once.',
    },
    withdrawals_pending: {
      text: 'Withdrawals that wait already take all that may wait at a time, by number or amount.',
      advice: 'Wait until one of them has come through, or cancel one that was not sent yet.',
    },
    declined_outside: {
      text: 'The bank declined.',
      advice: 'The money is back on your account. Ask your bank why.',
    },
  },
  transfers: {
    deposit: {
      text: 'Money came in from outside.',
      label: 'Deposit',
      plural: 'Deposits',
      debit: 'Deposit of a user',
      credit: 'Deposit',
      byOrderOf: 'credit',
    },
    bonus: {
      text: 'A starting balance was granted.',
      label: 'Starting balance',
      plural: 'Starting balance',
      debit: 'Starting balance granted',
      credit: 'Starting balance',
    },
    withdrawal: {
      text: 'Money left for the outside.',
      label: 'Withdrawal',
      plural: 'Withdrawals',
      debit: 'Withdrawal',
      credit: 'Withdrawal',
      byOrderOf: 'debit',
    },
    transfer: {
      text: 'One user sent money to another.',
      label: 'Transfer between users',
      plural: 'Transfers between users',
      debit: 'Sent to another user',
      credit: 'Received from another user',
      byOrderOf: 'debit',
    },
    payment: {
      text: 'A merchant was paid.',
      label: 'Payment',
      plural: 'Payments',
      debit: 'Payment to a merchant',
      credit: 'Payment received',
      byOrderOf: 'debit',
    },
  },
  orders: { deposit: 'Deposit', withdraw: 'Withdrawal', transfer: 'Transfer', pay: 'Payment' },
  commands: {
    cancel_withdrawal: 'Cancellation of a withdrawal',
    grant_bonus: 'Starting balance',
    send_withdrawal: 'Handing over of a withdrawal',
    settle_withdrawal: 'Settlement of a withdrawal',
  },
  overdue: {
    withdrawals_not_sent: 'Withdrawals not sent',
    withdrawals_unanswered: 'Withdrawals sent and not answered',
  },
} as const satisfies Vocabulary;
