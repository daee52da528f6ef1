/**
 * Splits `total` minor units in proportion to `weights` by the largest remainder (Hamilton's method), so that the
 * parts always add up to `total`. Ties go to the earlier part. All-zero weights: everything is 0 and `total` must be 0.
 */
export function splitByLargestRemainder(total: bigint, weights: readonly bigint[]): bigint[] {
  let sum = 0n;
  for (const weight of weights) {
    if (weight < 0n) throw new RangeError('a weight is negative');
    sum += weight;
  }
  if (sum === 0n) {
    if (total !== 0n) throw new RangeError('nothing to split by: every weight is zero');
    return weights.map(() => 0n);
  }
  const parts: bigint[] = [];
  const remainders: { index: number; remainder: bigint }[] = [];
  let given = 0n;
  weights.forEach((weight, index) => {
    const product = total * weight;
    const part = product / sum;
    parts.push(part);
    given += part;
    remainders.push({ index, remainder: product % sum });
  });
  remainders.sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (let i = 0; given < total; i += 1, given += 1n) {
    const { index } = remainders[i] as { index: number };
    parts[index] = (parts[index] as bigint) + 1n;
  }
  return parts;
}
