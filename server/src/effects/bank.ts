/** What the bank is to pay. */
export interface Instruction {
  /** `ord_…`: the same order is the same payment, however often it is asked for. */
  orderId: string;
  /** `usr_…` */
  userId: string;
  asset: string;
  /** Decimal string. */
  amount: string;
  /** ms since the epoch. A payment that the bank has not made by then must never be made, and is answered as expired. */
  expiresAt: number;
}

export type BankAnswer =
  | { approved: true }
  /** The bank will not pay; `reason` in its own words. */
  | { approved: false; reason: string }
  /** Nothing was paid by the deadline, and nothing will be: also where the bank hears of the order only now. */
  | { approved: false; expired: true };

/**
 * The outside world of withdrawals. Whatever implements it must be idempotent by order: a repeated instruction, also
 * after a crash and after it has expired, gets the answer that the first one got, and pays nothing again.
 */
export interface Bank {
  /**
   * @throws anything where no answer could be had. That is not "no": the payment may have been made. The bank is asked
   *   again until it answers, also after the deadline.
   */
  pay(instruction: Instruction, signal: AbortSignal): Promise<BankAnswer>;
}
