import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  dayNumber,
  daysLeft,
  dayText,
  dueText,
  endsWithDay,
  listStyle,
  minutesText,
  momentText,
  monthText,
  relativeDue,
  relativePast,
  wallOf,
} from '../../src/dates.ts';
import { useLanguage } from '../../src/words.ts';

useLanguage('en');
const at = (text) => new Date(text);

test('instants are said in London, in winter and in summer', () => {
  assert.equal(momentText('2026-01-08T15:40:00Z'), 'Thu 8 January 2026, 15:40');
  assert.equal(momentText('2026-07-08T15:40:00Z'), 'Wed 8 July 2026, 16:40');
  assert.equal(momentText('2026-03-31T23:30:00Z'), 'Wed 1 April 2026, 00:30');
});

test('what is known to the day has no time of day', () => {
  assert.equal(momentText('2026-01-08'), 'Thu 8 January 2026');
  assert.equal(relativePast('2026-01-08', at('2026-01-10T23:00:00Z')), '2 days ago');
  assert.equal(relativePast('2026-01-08', at('2026-01-08T00:00:00Z')), 'today');
});

test('a deadline at midnight is said as the last day in time', () => {
  assert.equal(dueText('2026-01-20T00:00:00Z'), 'by the end of Mon 19 January 2026');
  assert.equal(dueText('2026-06-01T23:00:00Z'), 'by the end of Mon 1 June 2026');
  assert.equal(dueText('2026-06-02T00:00:00Z'), 'by Tue 2 June 2026, 01:00');
  assert.ok(endsWithDay('2026-06-01T23:00:00Z') && !endsWithDay('2026-06-02T00:00:00Z'));
});

test('days that the clocks change are days all the same', () => {
  // 29 March 2026 has 23 hours, 25 October 25.
  assert.equal(relativeDue('2026-03-29T23:00:00Z', at('2026-03-29T00:30:00Z')), 'today');
  assert.equal(relativeDue('2026-03-29T23:00:00Z', at('2026-03-28T23:59:00Z')), 'tomorrow');
  assert.equal(relativeDue('2026-10-26T00:00:00Z', at('2026-10-24T23:30:00Z')), 'today');
});

const table = [
  ['2026-01-20T00:00:00Z', '2026-01-19T12:00:00Z', 'today', 0],
  ['2026-01-20T00:00:00Z', '2026-01-19T23:59:59Z', 'today', 0],
  ['2026-01-20T00:00:00Z', '2026-01-20T00:00:00Z', '1 day late', -1],
  ['2026-01-20T00:00:00Z', '2026-01-18T23:59:59Z', 'tomorrow', 1],
  ['2026-01-20T00:00:00Z', '2026-01-22T08:00:00Z', '3 days late', -1],
  ['2026-01-20T00:00:00Z', '2026-01-12T08:00:00Z', 'in 7 days', 7],
  ['2026-01-20T10:00:00Z', '2026-01-20T09:59:30Z', 'in less than a minute', 0],
  ['2026-01-20T10:00:00Z', '2026-01-20T10:00:00Z', '0 minutes late', -1],
  ['2026-01-20T10:00:00Z', '2026-01-20T09:01:00Z', 'in 59 minutes', 0],
  ['2026-01-20T10:00:00Z', '2026-01-19T09:00:00Z', 'in 25 hours', 1],
  ['2026-01-20T10:00:00Z', '2026-01-23T09:00:00Z', '2 days late', -1],
];
for (const [due, now, said, days] of table) {
  test(`due ${due} at ${now}: ${said}`, () => {
    assert.equal(relativeDue(due, at(now)), said);
    assert.equal(daysLeft(due, at(now)), days);
  });
}

test('lengths of time are said in what a person counts in', () => {
  assert.deepEqual([0, 59, 60, 120, 2879, 2880, 3000, 14400].map(minutesText), [
    '0 minutes',
    '59 minutes',
    '1 hour',
    '2 hours',
    '47 hours',
    '2 days',
    '2 days 2 hours',
    '10 days',
  ]);
});

test('lists leave out the present year only', () => {
  const now = at('2026-12-31T23:30:00Z');
  assert.equal(momentText('2026-02-01', listStyle('2026-02-01', now)), 'Sun 1 February');
  assert.equal(momentText('2025-02-01', listStyle('2025-02-01', now)), 'Sat 1 February 2025');
});

test('Welsh has its own names and orders of words', () => {
  useLanguage('cy');
  assert.equal(dayText(dayNumber('2026-02-02')), 'Llun 2 Chwefror 2026');
  assert.equal(monthText('2026-10'), 'Hydref 2026');
  assert.equal(
    relativeDue('2026-01-20T00:00:00Z', at('2026-01-21T12:00:00Z')),
    '2 ddiwrnod yn hwyr',
  );
  assert.equal(relativeDue('2026-01-20T00:00:00Z', at('2026-01-12T12:00:00Z')), 'ymhen 7 diwrnod');
  useLanguage('en');
});

test('the wall time does not hang on the zone of the machine', () => {
  assert.deepEqual(wallOf(at('2026-07-08T23:30:10Z')), {
    day: dayNumber('2026-07-09'),
    hour: 0,
    minute: 30,
    second: 10,
  });
});
