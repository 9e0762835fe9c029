// Numbers that may be hidden: counts below five and minutes of too few children are said in words
// and never guessed at. Pure but for the catalogue.
import type { Delay } from '../contract';
import { minutesText, numberText } from '../dates';
import { t } from '../words';

export type Count = Delay['total']['children'];
export type DelayRow = Delay['rows'][number];
export type Shares = Delay['total']['minutes'];

export const countText = (count: Count): string =>
  typeof count === 'number' ? numberText(count) : t('fewer_than_5');

/** By what a count is ordered: hidden ones lie between none and five. */
export const countOrder = (count: Count): number => (typeof count === 'number' ? count : 2.5);

export const minutesOrHidden = (minutes: number | null): string =>
  minutes === null ? t('too_few') : minutesText(minutes);

/** "87 %" of counts that are shown; nothing of hidden ones, since a share would give them away. */
export function shareText(part: Count, whole: Count): string {
  if (typeof part !== 'number' || typeof whole !== 'number' || whole === 0) return '–';
  return `${Math.min(100, Math.round((part / whole) * 100))} %`;
}

export type ShareKind = 'us' | 'others' | 'paused' | 'nobody';
export const SHARE_KINDS: ShareKind[] = ['us', 'others', 'paused', 'nobody'];

/** Whose minutes, in the four answers that a team asks for; hidden: those that are not shown. */
export function sharesOf(
  minutes: Shares,
  own: string,
): Record<ShareKind, number> & { hidden: number } {
  const shares = { us: 0, others: 0, paused: 0, nobody: 0, hidden: 0 };
  for (const one of minutes) {
    if (one.minutes === null) shares.hidden += 1;
    else if (one.paused) shares.paused += one.minutes;
    else if (one.who === '') shares.nobody += one.minutes;
    else if (one.who === own) shares.us += one.minutes;
    else shares.others += one.minutes;
  }
  return shares;
}

/** The months from one to another, both included. */
export function monthsBetween(from: string, to: string): string[] {
  const months: string[] = [];
  let [year = 0, month = 1] = from.split('-').map(Number);
  while (months.length < 600) {
    const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
    if (name > to) break;
    months.push(name);
    if (++month > 12) {
      month = 1;
      ++year;
    }
  }
  return months;
}

/** Shown counts of one month added up; hidden ones count as nothing and are told of. */
export function sumShown(counts: Count[]): { sum: number; hidden: number } {
  let sum = 0;
  let hidden = 0;
  for (const count of counts) {
    if (typeof count === 'number') sum += count;
    else ++hidden;
  }
  return { sum, hidden };
}
