// Times as people say them, in the wall time of the pathways (Europe/London). A day stays a day:
// where no time of day is known none is shown, and a deadline at midnight is said as the last day
// in time. Pure but for the catalogue of the language in use.
import { language, t } from './words';

const ZONE = 'Europe/London';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A civil day as days since 1970-01-01, so that days can be subtracted. */
export type DayNumber = number;

export interface Wall {
  day: DayNumber;
  hour: number;
  minute: number;
  second: number;
}

// Digits only, and always of the same locale: the names of days and months are in our catalogues,
// since not every browser ships Welsh ones.
const inZone = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
});

export function wallOf(instant: Date): Wall {
  const part = Object.fromEntries(
    inZone.formatToParts(instant).map((p) => [p.type, Number(p.value)]),
  );
  return {
    day: Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day ?? 1) / DAY,
    hour: part.hour ?? 0,
    minute: part.minute ?? 0,
    second: part.second ?? 0,
  };
}

export const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text);
export const dayNumber = (day: string): DayNumber => Date.parse(`${day}T00:00:00Z`) / DAY;
export const dayOf = (day: DayNumber): string => new Date(day * DAY).toISOString().slice(0, 10);

/** The civil day of an instant or of a day. */
export const dayOfMoment = (moment: string): DayNumber =>
  isDay(moment) ? dayNumber(moment) : wallOf(new Date(moment)).day;

/** How a day is written: "Mon 12 January 2026", "Mon 12 January", "12 Jan". */
export type DayStyle = 'long' | 'no_year' | 'short';

export function dayText(day: DayNumber, style: DayStyle = 'long'): string {
  const date = new Date(day * DAY);
  const number = date.getUTCMonth() + 1;
  if (style === 'short')
    return `${date.getUTCDate()} ${t(`month_short_${number}` as 'month_short_1')}`;
  const weekday = t(`weekday_${date.getUTCDay()}` as 'weekday_0');
  const text = `${weekday} ${date.getUTCDate()} ${t(`month_${number}` as 'month_1')}`;
  return style === 'no_year' ? text : `${text} ${date.getUTCFullYear()}`;
}

/** In lists the year is left out while it is the present one; what is printed keeps it. */
export function listStyle(moment: string, now: Date): DayStyle {
  return dayOf(dayOfMoment(moment)).slice(0, 4) === dayOf(wallOf(now).day).slice(0, 4)
    ? 'no_year'
    : 'long';
}

export const timeText = ({ hour, minute }: Wall): string =>
  `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;

/** An instant with its time of day, a day without one. */
export function momentText(moment: string, style: DayStyle = 'long'): string {
  if (isDay(moment)) return dayText(dayNumber(moment), style);
  const wall = wallOf(new Date(moment));
  return `${dayText(wall.day, style)}, ${timeText(wall)}`;
}

/** True where a deadline is the end of a day: its first late instant is a midnight. */
export function endsWithDay(due: string): boolean {
  const wall = wallOf(new Date(due));
  return wall.hour === 0 && wall.minute === 0 && wall.second === 0;
}

/** "by the end of Mon 19 January 2026", or "by Thu 8 January 2026, 15:40". */
export function dueText(due: string, style: DayStyle = 'long'): string {
  if (endsWithDay(due))
    return t('by_end_of', { day: dayText(wallOf(new Date(due)).day - 1, style) });
  return t('by_time', { time: momentText(due, style) });
}

/** "2026-01" as "January 2026"; short: "Jan 26". */
export function monthText(month: string, style: 'long' | 'short' = 'long'): string {
  const [year = '', number = '1'] = month.split('-');
  if (style === 'short')
    return `${t(`month_short_${Number(number)}` as 'month_short_1')} ${year.slice(2)}`;
  return `${t(`month_${Number(number)}` as 'month_1')} ${year}`;
}

/**
 * A length of time in its largest fitting unit: minutes below an hour, hours below two days, then
 * days.
 */
export function spanText(milliseconds: number): string {
  const length = Math.abs(milliseconds);
  if (length < HOUR) return t('minutes', { n: Math.floor(length / MINUTE) });
  if (length < 2 * DAY) return t('hours', { n: Math.floor(length / HOUR) });
  return t('days', { n: Math.floor(length / DAY) });
}

/** Minutes as days and hours: "3 days 4 hours". */
export function minutesText(minutes: number): string {
  if (minutes < 60) return t('minutes', { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return t('hours', { n: hours });
  const rest = hours % 24;
  const days = t('days', { n: Math.floor(hours / 24) });
  return rest === 0 || hours >= 24 * 10 ? days : `${days} ${t('hours', { n: rest })}`;
}

/** How far a deadline lies ahead or behind: "today", "in 3 hours", "2 days late". */
export function relativeDue(due: string, now: Date): string {
  const milliseconds = Date.parse(due) - now.getTime();
  if (!endsWithDay(due)) {
    if (milliseconds > 0 && milliseconds < MINUTE) return t('in_less_than_minute');
    return milliseconds > 0
      ? t('in_span', { span: spanText(milliseconds) })
      : t('late_by', { span: spanText(milliseconds) });
  }
  const lastDay = wallOf(new Date(due)).day - 1;
  const days = lastDay - wallOf(now).day;
  if (days === 0) return t('today');
  if (days === 1) return t('tomorrow');
  return days > 0
    ? t('in_span', { span: t('days', { n: days }) })
    : t('late_by', { span: t('days', { n: -days }) });
}

/** How long ago something was: "3 hours ago"; days for what is known to the day. */
export function relativePast(moment: string, now: Date): string {
  if (isDay(moment)) {
    const days = wallOf(now).day - dayNumber(moment);
    return days <= 0 ? t('today') : t('ago', { span: t('days', { n: days }) });
  }
  const milliseconds = now.getTime() - Date.parse(moment);
  return milliseconds < MINUTE ? t('just_now') : t('ago', { span: spanText(milliseconds) });
}

/** In how many days of the calendar the last moment in time comes; below zero: it has passed. */
export function daysLeft(due: string, now: Date): number {
  if (Date.parse(due) <= now.getTime()) return -1;
  const wall = wallOf(new Date(due));
  return wall.day - (endsWithDay(due) ? 1 : 0) - wallOf(now).day;
}

export const numberText = (value: number): string =>
  new Intl.NumberFormat(language() === 'cy' ? 'cy-GB' : 'en-GB').format(value);
