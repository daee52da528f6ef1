import { accept, isSeveral, plainText, type Reading, type Refused, refuse, shown } from './reading.ts';

export interface MomentOptions {
  /**
   * Whose time a time without a zone is. `UTC` for files and command lines, so that the same text means the same
   * everywhere; `local` for a field of a browser that shows the reader's own time.
   */
  zone: 'UTC' | 'local';
}

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

const DATE = /^(\d{4,6})-(\d{1,2})-(\d{1,2})/;
const TIME = /^(?:[Tt]| )(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?/;
const ZONE = /^ ?([Zz]|UTC|GMT|([+-])(\d{2}):?(\d{2}))$/i;
/** Earlier years are a slip of the finger, later ones have five digits, which neither RFC 3339 nor any list can show. */
const YEAR_MIN = 1900;
const YEAR_MAX = 9999;
const EXAMPLE = 'such as 2027-01-31 or 2027-01-31T18:00Z';

/**
 * Reads a day, or a day and a time, and makes RFC 3339 in UTC of it: `2027-01-31`, `2027-1-31`, `2027-01-31 18:00`,
 * `2027-01-31T18:00:00+01:00`. A day alone begins at 00:00.
 *
 * The year comes first: `31/12/2026`, `1.2.2027` and `12-31-2026` are refused, since not everybody reads the same day in them.
 * A day that the calendar does not have (2027-02-30), or a time that the clock skips, is refused, never moved; so is one of the
 * hour that comes twice when the clocks are put back, unless its zone is said.
 */
export function readMoment(typed: string, { zone }: MomentOptions): Reading<string> {
  const plain = plainText(typed);
  if (plain === '') return refuse('empty', `Enter a date, ${EXAMPLE}.`);
  if (isSeveral(plain)) return refuse('several', 'This is more than one line or cell. Enter one date.');
  const date = DATE.exec(plain);
  if (!date) return notADate(plain, typed);
  const [year, month, day] = date.slice(1).map(Number) as [number, number, number];
  const wrong = dayFault({ year, month, day });
  if (wrong) return wrong;
  let rest = plain.slice(date[0].length);
  const time = TIME.exec(rest);
  if (time) rest = rest.slice(time[0].length);
  const [hour = 0, minute = 0, second = 0] = (time ?? []).slice(1, 4).map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second > 59)
    return refuse('no_such_time', `${shown(typed)} has no such time: the day ends at 23:59:59.`);
  const millisecond = Number((time?.[4] ?? '').padEnd(3, '0').slice(0, 3));
  const parts = { year, month, day, hour, minute, second, millisecond };
  if (rest === '') return zone === 'UTC' ? momentOf(utcOf(parts)) : localMoment(parts, time === null, typed);
  const offset = time ? ZONE.exec(rest) : null;
  if (!offset) return refuse('unreadable', `${shown(typed)} is not a date and a time, ${EXAMPLE}.`);
  const [, , sign, hours = '0', minutes = '0'] = offset;
  if (Number(hours) > 23 || Number(minutes) > 59)
    return refuse('no_such_time', `${shown(typed)} has no such zone: it is written like +01:00.`);
  const shift = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  return momentOf(utcOf(parts) - shift * 60_000);
}

/** Whether the calendar has the day; says how long its month is where it has not. */
function dayFault({ year, month, day }: Pick<Parts, 'year' | 'month' | 'day'>): Refused | undefined {
  if (year < YEAR_MIN || year > YEAR_MAX)
    return refuse('no_such_day', `The year ${year} is not between ${YEAR_MIN} and ${YEAR_MAX}.`);
  if (month < 1 || month > 12)
    return refuse('no_such_day', `There is no month ${month}: the order is year, month, day.`);
  const first = new Date(Date.UTC(year, month - 1, 1));
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day >= 1 && day <= days) return undefined;
  const name = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(first);
  return refuse('no_such_day', `${name} has ${days} days, and no day ${day}.`);
}

function utcOf({ year, month, day, hour, minute, second, millisecond }: Parts): number {
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
}

function momentOf(ms: number): Reading<string> {
  const moment = new Date(ms);
  const year = moment.getUTCFullYear();
  if (year < YEAR_MIN || year > YEAR_MAX)
    return refuse('no_such_day', `In UTC this is the year ${year}, which is not between ${YEAR_MIN} and ${YEAR_MAX}.`);
  return accept(moment.toISOString());
}

/**
 * In the reader's own zone, where an hour of the spring may be missing, and one of the autumn comes twice. A day alone begins
 * with its first moment, whenever that is.
 */
function localMoment(parts: Parts, isDay: boolean, typed: string): Reading<string> {
  const { year, month, day, hour, minute, second, millisecond } = parts;
  const moment = new Date(year, month - 1, day, hour, minute, second, millisecond);
  if (moment.getDate() !== day)
    return refuse('no_such_day', `${shown(typed)} does not exist: the clocks are put past it there.`);
  if (isDay) return momentOf(moment.getTime());
  if (moment.getHours() !== hour || moment.getMinutes() !== minute)
    return refuse('no_such_time', `${shown(typed)} does not exist: the clocks are put forward then.`);
  const again = [-1, 1]
    .map((sign) => new Date(moment.getTime() + sign * shiftAround(moment)))
    .find((other) => other.getTime() !== moment.getTime() && isSameClock(other, moment));
  if (!again) return momentOf(moment.getTime());
  const [earlier, later] = [moment, again].sort((one, other) => one.getTime() - other.getTime()).map(withOffset);
  return refuse(
    'ambiguous',
    `${shown(typed)} comes twice: the clocks are put back then. Choose another hour, or write ${earlier} or ${later}.`,
  );
}

const DAY_MS = 86_400_000;

/** By how much the clocks are put on or back within a day of the moment. */
function shiftAround(moment: Date): number {
  const [before, after] = [-DAY_MS, DAY_MS].map((ms) => new Date(moment.getTime() + ms).getTimezoneOffset());
  return ((after as number) - (before as number)) * 60_000;
}

const isSameClock = (one: Date, other: Date): boolean =>
  one.getHours() === other.getHours() && one.getMinutes() === other.getMinutes() && one.getDate() === other.getDate();

/** 2027-10-31T02:30+02:00 */
function withOffset(moment: Date): string {
  const minutes = -moment.getTimezoneOffset();
  const two = (number: number): string => String(Math.floor(Math.abs(number))).padStart(2, '0');
  const local = new Date(moment.getTime() + minutes * 60_000).toISOString().replace(/(:00)?\.000Z$|Z$/, '');
  return `${local}${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** Where day, month and year stand in another order, the error shows how the day is written that it may be. */
function notADate(plain: string, typed: string): Refused {
  const [, one = '', other = '', year = ''] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b/.exec(plain) ?? [];
  if (year === '') {
    const turned = /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})\b/.exec(plain);
    const hint = turned ? ` Write ${dayText(turned[1], turned[2], turned[3])}.` : '';
    return refuse('unreadable', `${shown(typed)} is not a date, ${EXAMPLE}.${hint}`);
  }
  const days = [
    [one, other],
    [other, one],
  ].filter(([month]) => Number(month) >= 1 && Number(month) <= 12);
  const texts = [...new Set(days.map(([month, day]) => dayText(year, month, day)))];
  return refuse(
    texts.length > 1 ? 'ambiguous' : 'unreadable',
    `${shown(typed)} can be read in two orders: write year, month, day${texts.length > 0 ? `, ${texts.join(' or ')}` : ''}.`,
  );
}

function dayText(year = '', month = '', day = ''): string {
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
