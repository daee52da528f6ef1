const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
/** Earlier years are a year that is still being typed: 2 and 20 on the way to 2026. */
const YEAR_MIN = 1900;

/** The moment at which a day begins in the reader's own time zone, as times are shown; undefined: no day. */
function beginOf(day: string, daysLater = 0): string | undefined {
  const match = DAY.exec(day);
  if (!match) return undefined;
  const [year, month, date] = match.slice(1).map(Number) as [number, number, number];
  const isReal = year >= YEAR_MIN && month <= 12 && new Date(year, month - 1, date).getDate() === date;
  return isReal ? new Date(year, month - 1, date + daysLater).toISOString() : undefined;
}

/** Whether a text is a day that a user may mean: "2026-11-21". */
export function isDay(text: string): boolean {
  return beginOf(text) !== undefined;
}

/** From one day of the reader to another, both included, as the API wants it: `from` is in, `to` is out. */
export function periodOf({ from, to }: { from?: string | undefined; to?: string | undefined }): {
  from?: string;
  to?: string;
} {
  const begin = from === undefined ? undefined : beginOf(from);
  const end = to === undefined ? undefined : beginOf(to, 1);
  return { ...(begin !== undefined && { from: begin }), ...(end !== undefined && { to: end }) };
}
