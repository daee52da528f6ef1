import { parseDecimal } from '../../../money/index.ts';

/** Places that a growing balance is computed with: after 480 months the error is still far below a cent. */
const PLACES = 10n ** 30n;

/**
 * The even monthly payment that repays a loan: P · r · (1 + r)ⁿ ÷ ((1 + r)ⁿ − 1) with r = rate ÷ 12, rounded to the
 * amount's last place. The server's schedule may differ by it in the last instalment.
 *
 * @param amount a positive decimal string; the payment has as many places
 * @param apr the yearly rate as a decimal string
 * @returns in the amount's smallest unit
 */
export function monthlyPayment(amount: string, apr: string, termMonths: number): bigint {
  const principal = parseDecimal(amount).units;
  const rate = parseDecimal(apr);
  const monthly = (rate.units * PLACES) / (12n * 10n ** BigInt(rate.scale));
  if (monthly === 0n) return rounded(principal, BigInt(termMonths));
  let growth = PLACES;
  for (let month = 0; month < termMonths; month += 1) growth += (growth * monthly) / PLACES;
  return rounded(principal * monthly * growth, (growth - PLACES) * PLACES);
}

function rounded(dividend: bigint, divisor: bigint): bigint {
  return (2n * dividend + divisor) / (2n * divisor);
}
