import { formatDecimal, parseDecimal } from './decimal.ts';

/** An instalment as the loan's schedule has it. */
export interface ScheduledPayment {
  number: number;
  due_date: string;
  principal: string;
  interest: string;
}

/** What one investor may expect of an instalment, before the servicing fee. */
export interface ExpectedPayment {
  number: number;
  due_date: string;
  principal: string;
  interest: string;
  payment: string;
}

/**
 * The part of a schedule that belongs to `part` of `whole`. Each amount is what has accrued up to its instalment less what
 * was given before, rounded down, so that the parts of all instalments add up to the part of the total: principal to
 * exactly `part` where the schedule repays `whole`.
 */
export function shareOfSchedule(
  schedule: readonly ScheduledPayment[],
  { part, whole }: { part: string; whole: string },
): ExpectedPayment[] {
  const [share, total] = [parseDecimal(part), parseDecimal(whole)];
  const scale = Math.max(share.scale, total.scale, ...schedule.map(({ principal }) => parseDecimal(principal).scale));
  const at = (text: string): bigint => {
    const decimal = parseDecimal(text);
    return decimal.units * 10n ** BigInt(scale - decimal.scale);
  };
  const [numerator, denominator] = [at(part), at(whole)];
  const accrue = accrual(numerator, denominator);
  const [principalOf, interestOf] = [accrue(), accrue()];
  return schedule.map(({ number, due_date, principal, interest }) => {
    const [principalUnits, interestUnits] = [principalOf(at(principal)), interestOf(at(interest))];
    return {
      number,
      due_date,
      principal: formatDecimal({ units: principalUnits, scale }),
      interest: formatDecimal({ units: interestUnits, scale }),
      payment: formatDecimal({ units: principalUnits + interestUnits, scale }),
    };
  });
}

function accrual(numerator: bigint, denominator: bigint): () => (amount: bigint) => bigint {
  return () => {
    let [accrued, given] = [0n, 0n];
    return (amount) => {
      accrued += amount;
      const due = denominator === 0n ? 0n : (accrued * numerator) / denominator;
      const now = due - given;
      given = due;
      return now;
    };
  };
}
