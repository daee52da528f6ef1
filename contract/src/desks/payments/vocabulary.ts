import { entry } from '../../error-entry.ts';
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
    not_a_currency: {
      text: 'This asset is no currency, and no order of this kind moves it.',
      advice: 'Choose a currency.',
    },
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
  errors: {
    merchant_exists: entry(
      409,
      'ALREADY_EXISTS',
      false,
      'The handle is taken',
      'A merchant is registered under this handle already.',
      'Choose another handle, or change the merchant that has it.',
    ),
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
  orders: {
    deposit: { label: 'Deposit', doing: 'Bring in {amount}', toldByItsEvents: true },
    withdraw: {
      label: 'Withdrawal',
      doing: 'Send {amount} to your bank',
      toldByItsEvents: true,
      // What the bank may have cannot be taken back.
      cancelable: { notIn: ['sent'] },
      ahead: [{ event: 'withdrawal_settled', title: 'Settled, when the bank has answered' }],
    },
    transfer: { label: 'Transfer', doing: 'Send {amount} to {to_user|another user}', toldByItsEvents: false },
    pay: {
      label: 'Payment',
      doing: 'Pay {merchant} for {quantity} × {item} at {price}',
      toldByItsEvents: true,
    },
  },
  commands: {
    cancel_withdrawal: 'Cancellation of a withdrawal',
    grant_bonus: 'Starting balance',
    send_withdrawal: 'Handing over of a withdrawal',
    settle_withdrawal: 'Settlement of a withdrawal',
  },
  events: {
    deposit_received: { title: 'The money came in', tone: 'good' },
    bonus_granted: { title: 'The starting balance was granted', tone: 'good' },
    transfer_received: { title: 'The receiver has the money', tone: 'good' },
    withdrawal_requested: { title: 'The money was set aside', tone: 'accent' },
    withdrawal_sent: { title: 'Handed to the bank', tone: 'accent' },
    withdrawal_settled: { title: 'The bank answered', tone: 'accent' },
    payment_processed: { title: 'Stage one: the money was reserved', tone: 'accent' },
    payment_paid: { title: 'Stage two: the merchant was paid', tone: 'accent' },
    payment_finalized: { title: 'Stage three: the payment is final', tone: 'good' },
  },
  fields: {
    to_user: { label: 'To' },
    merchant: { label: 'Merchant' },
    item: { label: 'Item' },
    quantity: { label: 'Quantity' },
    price: { label: 'Price of one', isAmount: true },
  },
  overdue: {
    withdrawals_not_sent: 'Withdrawals not sent',
    withdrawals_unanswered: 'Withdrawals sent and not answered',
  },
} as const satisfies Vocabulary;
