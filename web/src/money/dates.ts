const LOCALE = 'en-GB';
const dateTime = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'medium' });
const businessDate = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeZone: 'UTC' });
const month = new Intl.DateTimeFormat(LOCALE, { month: 'short', year: 'numeric', timeZone: 'UTC' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** A moment, in the reader's own time zone. */
export function formatDateTime(time: string): string {
  return dateTime.format(new Date(time));
}

/** A business date, "2026-11-21", which is the same day everywhere. */
export function formatBusinessDate(day: string): string {
  return businessDate.format(new Date(`${day}T00:00:00Z`));
}

/** "2026-11" or any business date in it → "Nov 2026". */
export function formatMonth(day: string): string {
  return month.format(new Date(`${day.slice(0, 7)}-01T00:00:00Z`));
}

const STEPS: readonly { unit: Intl.RelativeTimeFormatUnit; seconds: number }[] = [
  { unit: 'year', seconds: 365 * 86_400 },
  { unit: 'month', seconds: 30 * 86_400 },
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
];

/** "3 minutes ago", "in 2 days"; "just now" below a minute. */
export function formatRelative(time: string, now: number): string {
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  const step = STEPS.find((candidate) => Math.abs(seconds) >= candidate.seconds);
  if (!step) return seconds > 0 ? 'in a moment' : 'just now';
  return relative.format(Math.trunc(seconds / step.seconds), step.unit);
}
