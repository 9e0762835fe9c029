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

export const minutesOrHidden = (minutes: number | null | undefined): string =>
  minutes === null || minutes === undefined ? t('too_few') : minutesText(Math.round(minutes));

/** "87 %"; nothing where too few stand behind it. */
export const percentOf = (percent: number | null): string =>
  percent === null ? '–' : `${Math.round(percent)} %`;

/** How large a count is drawn: a hidden one as little as it may be. */
export const sizeOf = (count: Count): number => (typeof count === 'number' ? count : 1);

export type ShareKind = 'us' | 'others' | 'paused' | 'nobody';
export const SHARE_KINDS: ShareKind[] = ['us', 'others', 'paused', 'nobody'];

/**
 * How large each part is, in one unit: minutes where any are told, else percent. Who looks across
 * agencies is told shares where sums are not.
 */
export function sizesOf(minutes: Shares): Array<number | null> {
  const areTold = minutes.some((one) => one.minutes !== null);
  return minutes.map((one) => (areTold ? one.minutes : (one.percent ?? null)));
}

/** Whose time, in the four answers that a team asks for; hidden: parts that are not shown. */
export function sharesOf(
  minutes: Shares,
  own: string,
): Record<ShareKind, number> & { hidden: number } {
  const shares = { us: 0, others: 0, paused: 0, nobody: 0, hidden: 0 };
  sizesOf(minutes).forEach((size, place) => {
    const one = minutes[place];
    if (size === null || one === undefined) shares.hidden += 1;
    else if (one.paused) shares.paused += size;
    else if (one.who === '') shares.nobody += size;
    else if (one.who === own) shares.us += size;
    else shares.others += size;
  });
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

/** A part of a whole as a percentage; what is not told, in words. */
export const percentText = (part: number | null, whole: number): string =>
  part === null || whole === 0 ? t('too_few') : `${Math.round((part / whole) * 100)} %`;
