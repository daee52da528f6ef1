const LOCALE = 'en-GB';
const dateTime = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'medium' });
const businessDate = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeZone: 'UTC' });
const month = new Intl.DateTimeFormat(LOCALE, { month: 'short', year: 'numeric', timeZone: 'UTC' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** A moment, in the reader's own time zone. */
export function formatDateTime(time: string): string {
  return dateTime.format(new Date(time));
}

const moment = new Intl.DateTimeFormat(LOCALE, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

/** A moment to the millisecond: what the engine does takes a few of them. */
export function formatMoment(time: string): string {
  return moment.format(new Date(time));
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** "12 ms", "1.25 s", "3 min 4 s", "2 h 5 min", "3 d 2 h". */
export function formatDuration(ms: number): string {
  if (ms < SECOND_MS) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < MINUTE_MS) return `${(ms / SECOND_MS).toFixed(2)} s`;
  const seconds = Math.round(ms / SECOND_MS);
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3_600)];
  if (hours < 1) return `${minutes} min ${seconds % 60} s`;
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
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
