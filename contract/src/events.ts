/**
 * Who may see an event: `owner` (the user it names, and operators), `public` (everybody who is logged in), or
 * `operators`.
 */
export type Visibility = 'owner' | 'public' | 'operators';

/** Who sees an event, in words. */
export const AUDIENCES: Readonly<Record<Visibility, string>> = {
  owner: 'the user it names, and operators',
  public: 'everybody who is logged in, on the channels `loans` and `loan:<id>`; operators',
  operators: 'operators',
};

/** One entry of the event catalogue. */
export interface EventEntry {
  visibility: Visibility;
  /** What `subject` names. */
  subject: 'order' | 'loan' | 'user';
  description: string;
  /** Each field of `data`, with its meaning. Amounts are decimal strings. */
  data: Record<string, string>;
}

function event(
  visibility: Visibility,
  subject: EventEntry['subject'],
  description: string,
  data: Record<string, string>,
): EventEntry {
  return { visibility, subject, description, data };
}

/** Every event that Millrace emits. An event that is not listed here cannot be written. */
export const EVENTS = {
  order_processed: event('owner', 'order', 'An order was decided, or its status changed.', {
    order_id: 'the order',
    kind: 'its kind',
    status: 'pending, open, completed, rejected, canceled or failed',
    reason: 'why not, where there is a reason; else null',
    user_id: 'whose order',
    result: 'what the order shows in `result`',
  }),
  deposit_received: event('owner', 'user', 'Money came in from outside.', {
    user_id: 'who',
    asset: 'asset',
    amount: 'amount',
    order_id: 'the order',
  }),
  bonus_granted: event('owner', 'user', 'A starting balance was granted.', {
    user_id: 'who',
    asset: 'asset',
    amount: 'amount',
  }),
  transfer_received: event('owner', 'user', 'Another user sent money.', {
    user_id: 'the receiver',
    asset: 'asset',
    amount: 'amount',
    order_id: 'the order',
  }),
  withdrawal_requested: event('owner', 'order', 'Money for a withdrawal was set aside.', {
    order_id: 'the order',
    user_id: 'who',
    asset: 'asset',
    amount: 'amount',
  }),
  withdrawal_sent: event(
    'owner',
    'order',
    'The withdrawal is about to be handed to the bank, which may have it from now on; it can no longer be canceled.',
    {
      order_id: 'the order',
      user_id: 'who',
      asset: 'asset',
      amount: 'amount',
    },
  ),
  withdrawal_settled: event('owner', 'order', 'The bank answered.', {
    order_id: 'the order',
    user_id: 'who',
    asset: 'asset',
    amount: 'amount',
    approved: 'whether the money left',
  }),
  payment_processed: event('owner', 'order', 'Stage one of a payment: the price was computed.', {
    order_id: 'the order',
    user_id: 'who pays',
    merchant: 'who is paid',
    item: 'what',
    quantity: 'how many',
    amount: 'quantity × price',
    asset: 'asset',
  }),
  payment_paid: event('owner', 'order', 'Stage two: the money went to the merchant.', {
    order_id: 'the order',
    user_id: 'who pays',
    merchant: 'who is paid',
    amount: 'amount',
    asset: 'asset',
  }),
  payment_finalized: event('owner', 'order', 'Stage three: the payment is final.', {
    order_id: 'the order',
    user_id: 'who pays',
    merchant: 'who is paid',
    amount: 'amount',
    asset: 'asset',
  }),
  loan_created: event('public', 'loan', 'A loan was opened for funding.', {
    loan_id: 'the loan',
    purpose: 'purpose',
    asset: 'asset',
    amount: 'amount',
    apr: 'yearly rate, decimal',
    term_months: 'months',
    grade: 'risk grade',
    funding_deadline: 'until when',
  }),
  loan_progress: event('public', 'loan', 'Investments arrived; one event a batch, with the loan as it is now.', {
    loan_id: 'the loan',
    status: 'status',
    funded: 'funded so far',
    remaining: 'still open',
    investors: 'how many investors',
    fundings:
      'the newest investments, at most 20, newest last: `{at, amount, alias}` each, as `GET /v1/loans/{id}/fundings` lists them',
  }),
  loan_funded: event('public', 'loan', 'The last unit was funded; the borrower was paid.', {
    loan_id: 'the loan',
    amount: 'amount',
    investors: 'how many investors',
  }),
  loan_expired: event('public', 'loan', 'The funding deadline passed; all money went back.', {
    loan_id: 'the loan',
    refunded: 'amount that went back',
  }),
  loan_closed: event('public', 'loan', 'An operator ended the funding before its deadline; all money went back.', {
    loan_id: 'the loan',
    refunded: 'amount that went back',
    reason: 'why, in the operator’s words',
  }),
  investment_refunded: event('owner', 'loan', 'Money came back from a loan whose funding ended without success.', {
    loan_id: 'the loan',
    user_id: 'the investor',
    asset: 'asset',
    amount: 'amount',
  }),
  notes_issued: event('owner', 'loan', 'An investor now owns notes of the loan.', {
    loan_id: 'the loan',
    user_id: 'the investor',
    asset: 'asset',
    amount: 'principal',
  }),
  loan_disbursed: event('owner', 'loan', 'The borrower received the loan’s amount.', {
    loan_id: 'the loan',
    user_id: 'the borrower',
    asset: 'asset',
    amount: 'amount',
  }),
  installment_paid: event('public', 'loan', 'An instalment was paid, or recovered, and distributed.', {
    loan_id: 'the loan',
    number: 'which',
    principal: 'principal part',
    interest: 'interest part',
    fee: 'servicing fee kept',
    due_date: 'when it was due',
  }),
  repayment_received: event('owner', 'loan', 'An investor’s share of an instalment.', {
    loan_id: 'the loan',
    user_id: 'the investor',
    asset: 'asset',
    number: 'which instalment',
    principal: 'principal part',
    interest: 'interest part, after the fee',
  }),
  loan_late: event('public', 'loan', 'An instalment could not be collected when due.', {
    loan_id: 'the loan',
    number: 'which',
    due_date: 'when it was due',
  }),
  loan_current: event('public', 'loan', 'A loan that was late or in default caught up.', { loan_id: 'the loan' }),
  loan_repaid: event('public', 'loan', 'The last instalment was paid.', { loan_id: 'the loan' }),
  loan_defaulted: event('public', 'loan', 'An instalment stayed unpaid for too long after it was first asked for.', {
    loan_id: 'the loan',
    outstanding: 'principal that is still owed',
  }),
  dead_letter_added: event('operators', 'order', 'A command failed technically and waits for an operator.', {
    dead_letter_id: 'the letter',
    order_id: 'the command’s order',
    kind: 'its kind',
  }),
} as const satisfies Record<string, EventEntry>;

export type EventType = keyof typeof EVENTS;
