// What one child's timeline says, sorted for reading: the child's voice, what goes well, what is
// waiting, and the days with what happened and what should have. Pure, for the pages of a child and
// their tests.
import type { ClockLine, EventLine, Timeline } from '../contract';
import { dayOfMoment, type DayNumber } from '../dates';

const VOICE = 'child_voice_recorded';
const STRENGTH = 'strength_recorded';
/** Steps that are good news by themselves, as much to be seen as what was missed. */
const GOOD = new Set([
  'appointment_attended',
  'service_started',
  'referral_accepted',
  'handover_accepted',
  'child_returned',
  'child_located',
]);
/**
 * What a family took part in or was told of. A kind that is not here may tell of a report or an
 * enquiry.
 */
const KNOWN_TO_FAMILY = new Set([
  'referral_made',
  'referral_accepted',
  'referral_declined',
  'referral_redirected',
  'waitlisted',
  'appointment_offered',
  'appointment_attended',
  'appointment_missed',
  'service_started',
  'referral_completed',
  'handover_completed',
  'initial_conference_held',
  'review_conference_held',
  'core_group_held',
  'outline_plan_circulated',
  'transfer_conference_held',
  'return_interview_offered',
  'return_interview_held',
  'mental_health_assessment_held',
  'child_seen',
  'placement_visit_made',
]);
const DAY_MS = 24 * 60 * 60 * 1000;

export type Entry =
  | { kind: 'event'; at: string; event: EventLine }
  | { kind: 'due'; at: string; clock: ClockLine };

export interface Day {
  day: DayNumber;
  entries: Entry[];
}

export const isVoice = (event: EventLine): boolean => event.event === VOICE;
export const isStrength = (event: EventLine): boolean => event.event === STRENGTH;

export const voices = (timeline: Timeline): EventLine[] =>
  timeline.events.filter(isVoice).reverse();
export const strengths = (timeline: Timeline): EventLine[] =>
  timeline.events.filter(isStrength).reverse();
export const goodSteps = (timeline: Timeline): EventLine[] =>
  timeline.events.filter((one) => GOOD.has(one.event)).reverse();
export const doneInTime = (timeline: Timeline): ClockLine[] =>
  timeline.clocks.filter((one) => one.state === 'in_time').reverse();
export const openClocks = (timeline: Timeline): ClockLine[] =>
  timeline.clocks
    .filter((one) => one.open)
    .sort((a, b) => (a.due ?? '9').localeCompare(b.due ?? '9'));
export const doneLate = (timeline: Timeline): ClockLine[] =>
  timeline.clocks.filter((one) => one.state === 'late').reverse();

/** Is it of a kind that a family knows of already? */
export const fitsFamily = (event: EventLine): boolean => KNOWN_TO_FAMILY.has(event.event);
/** Does a family know of this thread of work? */
export const tellsOfMatter = (timeline: Timeline, matter: string): boolean =>
  timeline.events.some((one) => one.matter === matter && fitsFamily(one));

/** How long after it happened it was told, in milliseconds; 0 where it was within a day of it. */
export function toldLater(event: EventLine): number {
  const happened =
    event.occurred.length === 10
      ? Date.parse(`${event.occurred}T23:59:59Z`)
      : Date.parse(event.occurred);
  const later = Date.parse(event.recorded) - happened;
  return later >= DAY_MS ? later : 0;
}

/**
 * A deadline belongs to its last day in time, so that a midnight does not stand on the day after.
 */
const dueDay = (due: string): DayNumber => dayOfMoment(new Date(Date.parse(due) - 1).toISOString());

const rank = (entry: Entry): number => (entry.kind === 'event' ? 0 : 1);

/** What happened and what should have by then, day by day, oldest first. */
export function daysOf(timeline: Timeline): Day[] {
  const at = Date.parse(timeline.at);
  const days = new Map<DayNumber, Entry[]>();
  const put = (day: DayNumber, entry: Entry) => {
    const entries = days.get(day);
    if (entries) entries.push(entry);
    else days.set(day, [entry]);
  };
  for (const event of timeline.events)
    put(dayOfMoment(event.occurred), { kind: 'event', at: event.occurred, event });
  for (const clock of timeline.clocks) {
    if (clock.due !== null && Date.parse(clock.due) <= at && clock.state !== 'cancelled') {
      put(dueDay(clock.due), { kind: 'due', at: clock.due, clock });
    }
  }
  return [...days.entries()]
    .sort(([a], [b]) => a - b)
    .map(([day, entries]) => ({
      day,
      entries: entries.sort((a, b) => rank(a) - rank(b) || byTime(a, b)),
    }));
}

/** What is known to the day only keeps the order in which it was given. */
function byTime(a: Entry, b: Entry): number {
  if (a.at.length === 10 || b.at.length === 10) return 0;
  return Date.parse(a.at) - Date.parse(b.at);
}

/** First and last day of what can be looked at; the first event may be known to the day. */
export function spanOf(timeline: Timeline): { from: DayNumber; to: DayNumber } {
  const first = timeline.events[0];
  const to = dayOfMoment(timeline.reached);
  return { from: Math.min(first ? dayOfMoment(first.occurred) : to, to), to };
}
