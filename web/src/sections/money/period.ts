import type { TransfersQuery } from '@millrace/contract';

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The moment at which a day begins in the reader's own time zone, as the statement's times are shown; undefined: no day. */
function beginOf(day: string, daysLater = 0): string | undefined {
  const match = DAY.exec(day);
  if (!match) return undefined;
  const [year, month, date] = match.slice(1).map(Number) as [number, number, number];
  const begin = new Date(year, month - 1, date + daysLater);
  const isReal = new Date(year, month - 1, date).getDate() === date && month <= 12;
  return isReal ? begin.toISOString() : undefined;
}

/** From one day to another, both included, as the API wants it: `from` is in, `to` is out. */
export function periodOf({
  from,
  to,
}: {
  from?: string | undefined;
  to?: string | undefined;
}): Pick<TransfersQuery, 'from' | 'to'> {
  const begin = from === undefined ? undefined : beginOf(from);
  const end = to === undefined ? undefined : beginOf(to, 1);
  return { ...(begin !== undefined && { from: begin }), ...(end !== undefined && { to: end }) };
}
