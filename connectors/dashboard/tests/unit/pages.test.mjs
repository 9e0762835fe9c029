// The parts of pages that decide something: order, groups, hidden numbers, paths, the story of a
// child.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byDue } from '../../src/live_list.ts';
import { groupOf } from '../../src/pages/now.ts';
import { partOf } from '../../src/pages/handovers.ts';
import { inOtherLanguage, pathTo, routeOf } from '../../src/router.ts';
import { Announcer } from '../../src/shared/announcer.ts';
import {
  countText,
  monthsBetween,
  percentOf,
  sharesOf,
  sizeOf,
  percentText,
  sizesOf,
} from '../../src/shared/numbers.ts';
import { matter, shownState } from '../../src/shared/parts.ts';
import { daysOf, fitsFamily, tellsOfMatter, toldLater } from '../../src/shared/story.ts';
import { ordered } from '../../src/shared/table.ts';
import { readWhatIf } from '../../src/what_if_file.ts';
import { useLanguage } from '../../src/words.ts';

useLanguage('en');
const CHILD = '3f2a91c0d4e5b6a7988776655443321a';
const at = new Date('2026-01-19T12:00:00Z');

test('a running clock turns soon and late by itself, no other does', () => {
  const due = '2026-01-20T00:00:00Z';
  const say = (state, now) => shownState(state, due, new Date(now));
  assert.equal(say('running', '2026-01-18T23:59:59Z'), 'running');
  assert.equal(say('running', '2026-01-19T00:00:00Z'), 'soon');
  assert.equal(say('running', '2026-01-19T23:59:59.999Z'), 'soon');
  assert.equal(say('running', '2026-01-20T00:00:00Z'), 'overdue');
  for (const state of ['paused', 'excused', 'late', 'in_time', 'standing'])
    assert.equal(say(state, '2026-02-01T00:00:00Z'), state);
  assert.equal(shownState('running', null, at), 'running');
});

test('items stand in the group of their last day in time', () => {
  const group = (state, due) => groupOf({ state, due }, at);
  assert.equal(group('running', '2026-01-19T11:59:59Z'), 'late');
  assert.equal(group('overdue', '2026-01-01T00:00:00Z'), 'late');
  assert.equal(group('running', '2026-01-20T00:00:00Z'), 'today');
  assert.equal(group('running', '2026-01-21T00:00:00Z'), 'week');
  assert.equal(group('running', '2026-01-26T00:00:00Z'), 'week');
  assert.equal(group('running', '2026-01-27T00:00:00Z'), 'later');
  assert.equal(group('paused', null), 'held');
  assert.equal(group('excused', '2026-01-01T00:00:00Z'), 'held');
});

test('what is due first stands first, what has no due time last', () => {
  const dues = [
    null,
    '2026-01-20T10:00:00Z',
    '2026-01-20T09:00:00.500Z',
    '2026-01-20T09:00:00Z',
    null,
  ];
  assert.deepEqual(
    dues
      .map((due) => ({ due }))
      .sort(byDue)
      .map((one) => one.due),
    ['2026-01-20T09:00:00Z', '2026-01-20T09:00:00.500Z', '2026-01-20T10:00:00Z', null, null],
  );
});

test('tables order numbers as numbers and texts as the language does, and keep ties', () => {
  const rows = [
    ['b', 10],
    ['â', 9],
    ['A', null],
    ['b2', 100],
    ['b10', 9],
  ].map(([name, size], place) => ({ name, size, place }));
  const columns = [
    { key: 'name', by: (one) => one.name },
    { key: 'size', by: (one) => one.size },
    { key: 'none' },
  ];
  const names = (order) => ordered(rows, columns, order).map((one) => one.name);
  assert.deepEqual(names({ key: 'name', down: false }), ['â', 'A', 'b', 'b2', 'b10']);
  assert.deepEqual(names({ key: 'size', down: false }), ['â', 'b10', 'b', 'b2', 'A']);
  assert.deepEqual(names({ key: 'size', down: true }), ['b2', 'b', 'â', 'b10', 'A']);
  assert.deepEqual(names({ key: 'none', down: true }), names(null));
});

test('hidden counts are words, and of too few no share is told', () => {
  assert.equal(countText('fewer than 5'), 'fewer than 5');
  assert.equal(countText(0), '0');
  assert.equal(percentOf(null), '–');
  assert.equal(percentOf(86.67), '87 %');
  assert.equal(percentOf(0), '0 %');
  assert.equal(sizeOf('fewer than 5'), 1);
  assert.equal(sizeOf(40), 40);
});

test('minutes are ours, others’, paused or nobody’s; hidden ones are only counted', () => {
  assert.deepEqual(
    sharesOf(
      [
        { who: 'us', paused: false, minutes: 6 },
        { who: 'us', paused: true, minutes: 1 },
        { who: 'school', paused: false, minutes: 9 },
        { who: '', paused: false, minutes: 2 },
        { who: 'family', paused: true, minutes: null },
      ],
      'us',
    ),
    { us: 6, others: 9, paused: 1, nobody: 2, hidden: 1 },
  );
});

test('where sums are kept back, shares are told in percent and never mixed with minutes', () => {
  const part = (who, minutes, percent) => ({ who, paused: false, minutes, percent });
  const masked = [part('us', null, 60), part('school', null, 40)];
  assert.deepEqual(sizesOf(masked), [60, 40]);
  assert.equal(sharesOf(masked, 'us').us, 60);
  assert.deepEqual(sizesOf([part('us', 600, 60), part('school', 400, 40)]), [600, 400]);
  assert.deepEqual(sizesOf([part('us', 600, 60), part('school', null, null)]), [600, null]);
  assert.equal(percentText(null, 100), 'not shown, too few children');
});

test('months from one to another', () => {
  assert.deepEqual(monthsBetween('2025-11', '2026-02'), [
    '2025-11',
    '2025-12',
    '2026-01',
    '2026-02',
  ]);
  assert.deepEqual(monthsBetween('2026-02', '2026-01'), []);
});

test('every page has the same path in both languages', () => {
  assert.equal(
    pathTo('child', CHILD, { as_of: '2026-01-20' }),
    `/en/children/${CHILD}?as_of=2026-01-20`,
  );
  assert.equal(
    inOtherLanguage(`/en/children/${CHILD}`, '?as_of=2026-01-20'),
    `/cy/children/${CHILD}?as_of=2026-01-20`,
  );
  assert.equal(inOtherLanguage('/en', ''), '/cy/now');
  const route = routeOf(`/cy/children/${CHILD}/family`, '');
  assert.deepEqual([route.language, route.page, route.arguments], ['cy', 'family', [CHILD]]);
});

test('what is no path of a page leads to none', () => {
  for (const path of [
    '/en/children/9990000018',
    '/en/nothing',
    '/en/alerts/x',
    '/english/now',
    `/en/children/${CHILD}/x`,
  ]) {
    assert.equal(routeOf(path).page, 'missing', path);
  }
  assert.equal(routeOf('/').language, null);
});

test('offers stand on the side of whoever must answer', () => {
  assert.equal(partOf({ kind: 'offered', to: 'us' }, 'us'), 'to_us');
  assert.equal(partOf({ kind: 'offered', to: 'them' }, 'us'), 'from_us');
  assert.equal(partOf({ kind: 'gap', to: '' }, 'us'), 'gap');
});

test('a matter is named by the id that its agency knows', () => {
  assert.equal(matter('gwynfryn_council:R-101'), 'R-101 of Gwynfryn council');
  assert.equal(matter('standing'), 'The child’s standing matter');
});

const eventAt = (occurred, more = {}) => ({
  occurred,
  recorded: '2026-01-20T08:00:00Z',
  event: 'report_received',
  ...more,
});

test('days hold what happened before what should have by then', () => {
  const days = daysOf({
    at: '2026-01-25T00:00:00Z',
    reached: '2026-01-25T00:00:00Z',
    events: [
      eventAt('2026-01-19'),
      eventAt('2026-01-19T22:00:00Z'),
      eventAt('2026-01-20T00:10:00Z'),
    ],
    clocks: [
      { due: '2026-01-20T00:00:00Z', state: 'late' },
      { due: '2026-02-20T00:00:00Z', state: 'running' },
      { due: '2026-01-19T00:00:00Z', state: 'cancelled' },
    ],
  });
  assert.deepEqual(
    days.map((one) => one.entries.map((entry) => entry.kind)),
    [['event', 'event', 'due'], ['event']],
  );
});

test('what may tell of a report or an enquiry is not for the family', () => {
  const event = (name, matter) => ({ event: name, matter });
  for (const name of [
    'telephone_report_made',
    'report_received',
    'strategy_discussion_held',
    'record_sealed',
    'a_new_milestone',
  ]) {
    assert.equal(fitsFamily(event(name)), false, name);
  }
  assert.ok(fitsFamily(event('appointment_attended')));
  const timeline = { events: [event('report_received', 'a:1'), event('core_group_held', 'a:2')] };
  assert.equal(tellsOfMatter(timeline, 'a:1'), false);
  assert.equal(tellsOfMatter(timeline, 'a:2'), true);
});

test('told later is said from a day on, counted from the end of a day', () => {
  assert.equal(toldLater(eventAt('2026-01-20T07:00:00Z')), 0);
  assert.equal(toldLater(eventAt('2026-01-19')), 0);
  assert.ok(toldLater(eventAt('2026-01-18')) > 0);
  assert.equal(toldLater(eventAt('2026-01-19T08:00:00Z')), 86_400_000);
});

test('what comes by itself is said once in a while, the last text of it', async () => {
  const said = [];
  const announcer = new Announcer((text) => said.push(text), 0);
  for (const text of ['one', 'two', 'three']) announcer.politely(text);
  announcer.now('mine');
  assert.deepEqual(said, ['one', 'mine']);
  await new Promise((done) => {
    setTimeout(done, 0);
  }); // behind the announcer's own timer
  assert.deepEqual(said, ['one', 'mine', 'three']);
});

test('what comes by itself does not talk over what a person did', async () => {
  const said = [];
  const announcer = new Announcer((text) => said.push(text), 0);
  announcer.now('mine');
  announcer.politely('one change');
  assert.deepEqual(said, ['mine']);
  await new Promise((done) => {
    setTimeout(done, 0);
  });
  assert.deepEqual(said, ['mine', 'one change']);
});

const summary = {
  drafts: [{ book: 'demo', version: '2' }],
  from: null,
  to: null,
  at: '2026-02-20T10:00:00Z',
  events: 3,
  listed: 0,
  children: { all: 1, changed: 0, late_before: 0, late_after: 0, newly_late: 0, no_longer_late: 0 },
  all: {
    clocks: { before: 1, after: 1 },
    states: {},
    changed: { clocks: 0, children: 0 },
    moves: [],
    late_minutes: {},
  },
  rules: {},
  agencies: {},
};

test('a result of simulate is read, anything else is refused with what is wrong', () => {
  const difference = {
    child: 'ab12cd34',
    rule: 'R',
    clock: 'R/1',
    before: null,
    after: { state: 'late' },
    due_moved_minutes: 0,
  };
  const good = `${JSON.stringify(difference)}\n${JSON.stringify({ summary })}\n`;
  assert.equal(readWhatIf(good).clocks.length, 1);
  assert.equal(readWhatIf('{"summary":'), 'not_json');
  assert.equal(readWhatIf('{}'), 'no_summary');
  assert.equal(readWhatIf('[]'), 'no_summary');
  assert.equal(readWhatIf(''), 'no_summary');
  assert.equal(
    readWhatIf(JSON.stringify({ summary: { ...summary, rules: { R: {} } } })),
    'no_summary',
  );
});
