/** What the bank is to pay. */
export interface Instruction {
  /** `ord_…`: the same order is the same payment, however often it is asked for. */
  orderId: string;
  /** `usr_…` */
  userId: string;
  asset: string;
  /** Decimal string. */
  amount: string;
  /**
   * ms since the epoch. A payment that the bank has not made by then must never be made: if the bank could not be
   * reached, the user gets the money back.
   */
  expiresAt: number;
}

export type BankAnswer = { approved: true } | { approved: false; reason: string };

/**
 * The outside world of withdrawals. Whatever implements it must be idempotent by order: a repeated instruction, also
 * after a crash and after it has expired, gets the answer that the first one got, and pays nothing again.
 */
export interface Bank {
  /** @throws anything where no answer could be had; it is asked again until the withdrawal's deadline. */
  pay(instruction: Instruction, signal: AbortSignal): Promise<BankAnswer>;
}
