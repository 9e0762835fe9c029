// The lives of made-up children: events and clocks, and what was true or known at an earlier time.
import { day, endOf, time } from './times.mjs';
import { BOOK, CHILDREN, RULES, STRANGER, titleOf } from './rules.mjs';

const council = 'gwynfryn_council';

function event(n, name, agency, occurred, more = {}) {
  const text = more.text ?? '';
  const { text: _, later, open, ...rest } = more;
  return {
    occurred,
    recorded: later ?? (occurred.length === 10 ? `${occurred}T18:00:00Z` : occurred),
    agency,
    event: name,
    event_id: `e-${n}`,
    matter: `${council}:R-101`,
    to_agency: '',
    reason: '',
    outcome: '',
    part: '',
    extent: open ? 'open_part' : 'whole',
    private: open ? null : { text, practitioner: text === '' ? '' : 'A. Sampl', child_name: '' },
    notes: [],
    ...rest,
  };
}

function clock(n, rule, started, due, closed, more = {}) {
  return {
    clock: `${rule}/${n}`,
    rule,
    title: titleOf(rule),
    state: 'running',
    open: closed === null,
    started,
    due,
    closed,
    accountable: council,
    matter: `${council}:R-101`,
    book_version: BOOK,
    source: RULES[rule].source,
    weight: RULES[rule].weight,
    charged: [],
    minutes: [],
    ...more,
  };
}

function maliLife(at) {
  const school = 'ysgol_y_bont';
  const events = [
    event(1, 'telephone_report_made', school, time(at, -24, 15, 40), {
      to_agency: council,
      text: 'Teacher worried about bruising.',
    }),
    event(2, 'report_received', council, time(at, -24, 15, 45)),
    event(3, 'written_report_sent', school, time(at, -23, 9, 10), { to_agency: council }),
    event(4, 'decision_recorded', council, time(at, -23, 11, 50)),
    event(5, 'strategy_discussion_held', council, time(at, -20, 10), {
      text: 'With police and health.',
    }),
    event(6, 'child_voice_recorded', council, time(at, -19, 16), {
      text: 'I want to stay at my school. I like it when Nain picks me up.',
    }),
    event(7, 'initial_conference_held', council, time(at, -11, 10)),
    event(8, 'strength_recorded', school, time(at, -11, 12), {
      text: 'Never missed a rehearsal of the school play.',
    }),
    event(9, 'referral_made', council, time(at, -10, 9), {
      to_agency: 'camhs_dyffryn',
      matter: `${council}:T-7`,
    }),
    event(10, 'outline_plan_circulated', council, time(at, -6, 15), { later: time(at, -3, 9, 20) }),
    event(11, 'appointment_attended', 'dyffryn_health', day(at, -4), {
      matter: 'dyffryn_health:A-4',
    }),
    event(12, 'referral_declined', 'camhs_dyffryn', time(at, -2, 16, 30), {
      matter: `${council}:T-7`,
      reason: 'threshold_not_met',
      open: true,
      notes: [
        {
          code: 'event_after_closure',
          title: { en: 'a step after the matter was closed', cy: 'cam ar ôl cau’r mater' },
          against: { agency: '', event_id: '' },
        },
      ],
    }),
    event(13, 'child_voice_recorded', 'llais_charity', time(at, -1, 17, 10), {
      text: 'Somebody should tell me what happens next.',
      matter: `${council}:T-8`,
    }),
    event(14, 'strength_recorded', 'llais_charity', day(at, -1), {
      text: 'Teaches the youngest to read music.',
      matter: `${council}:T-8`,
    }),
  ];
  const clocks = [
    clock(1, 'W-RPT-DECIDE', time(at, -24, 15, 45), endOf(at, -23), time(at, -23, 11, 50), {
      minutes: [{ who: council, paused: false, minutes: 1205 }],
    }),
    clock(2, 'W-RPT-ACK', time(at, -23, 9, 10), endOf(at, -14), time(at, -12, 9), {
      minutes: [{ who: council, paused: false, minutes: 15830 }],
    }),
    clock(3, 'W-ICPC-OUTLINE', time(at, -11, 10), endOf(at, -4), time(at, -6, 15), {
      minutes: [
        { who: council, paused: false, minutes: 4300 },
        { who: 'family', paused: true, minutes: 2880 },
      ],
      charged: [{ from: day(at, -9), to: day(at, -8), days: 2, owner: 'family' }],
    }),
    clock(4, 'W-CORE-1', time(at, -11, 10), endOf(at, 1), null, {
      minutes: [{ who: council, paused: false, minutes: 15840 }],
    }),
    clock(5, 'DEMO-ANSWER', time(at, -10, 9), endOf(at, -4), null, {
      accountable: 'camhs_dyffryn',
      matter: `${council}:T-7`,
      minutes: [
        { who: 'camhs_dyffryn', paused: false, minutes: 12900 },
        { who: '', paused: false, minutes: 1500 },
      ],
    }),
  ];
  const holders = [
    { part: '', agency: council, since: time(at, -80, 9), by: 'episode' },
    { part: 'mental_health', agency: 'camhs_dyffryn', since: day(at, -5), by: 'handover' },
  ];
  return { events, clocks, holders, language: 'cy' };
}

function shortLife(at, n) {
  const events = [
    event(20 + n, 'report_received', council, time(at, -8 - n, 11), {
      matter: `${council}:R-10${n}`,
    }),
    event(30 + n, 'child_seen', council, day(at, -6 - n), { matter: `${council}:R-10${n}` }),
  ];
  const clocks = [clock(10 + n, 'W-RPT-ACK', time(at, -8 - n, 11), endOf(at, n - 2), null)];
  return { events, clocks, holders: [], language: n % 2 ? 'en' : '' };
}

export function livesOf(at) {
  const lives = new Map();
  Object.values(CHILDREN).forEach((child, place) => {
    lives.set(child.key, { child, ...(place === 0 ? maliLife(at) : shortLife(at, place)) });
  });
  lives.set(STRANGER.key, { child: STRANGER, ...shortLife(at, 3) });
  return lives;
}

/** rules.md, "State", as far as these clocks need it. */
function stateAt(one, at) {
  const due = Date.parse(one.due);
  if (one.closed !== null && Date.parse(one.closed) <= at)
    return Date.parse(one.closed) < due ? 'in_time' : 'late';
  return due <= at ? 'overdue' : 'running';
}

const endOfDay = (text) =>
  text.length === 10 ? Date.parse(`${text}T23:59:59.999Z`) : Date.parse(text);

/** What was true then, on what was recorded by then. */
export function lifeAt(life, reached, asOf, knownAt) {
  const at = Math.min(asOf ? endOfDay(asOf) : reached, knownAt ? endOfDay(knownAt) : reached);
  const known = knownAt ? endOfDay(knownAt) : reached;
  const happened = (moment) =>
    (moment.length === 10 ? Date.parse(moment) : Date.parse(moment)) <= at;
  const events = life.events.filter(
    (one) => happened(one.occurred) && Date.parse(one.recorded) <= known,
  );
  const clocks = life.clocks
    .filter((one) => Date.parse(one.started) <= at)
    .map((one) => {
      const closed = one.closed !== null && Date.parse(one.closed) <= at ? one.closed : null;
      return { ...one, closed, open: closed === null, state: stateAt({ ...one, closed }, at) };
    });
  return { at, events, clocks, holders: life.holders.filter((one) => happened(one.since)) };
}
