// Numbers of the made-up agencies, month by month: from a fixed rule, so that they are the same
// each day.
import { after, month } from './times.mjs';
import { BOOK, RULES, titleOf } from './rules.mjs';

const HOW = {
  en: 'Starts with the first step of its kind.\nWorking days of Wales are counted.',
  cy: 'Mae’n dechrau gyda’r cam cyntaf o’i fath.\nCyfrifir diwrnodau gwaith Cymru.',
};
const MONTHS = 12;
const MEASURED = ['W-RPT-DECIDE', 'W-RPT-ACK', 'W-CORE-1', 'DEMO-ANSWER'];
const AGENCY = { 'DEMO-ANSWER': 'camhs_dyffryn' };
const few = (count, hide) =>
  !hide ? count : count === 0 ? 0 : count < 5 ? 'fewer than 5' : Math.round(count / 5) * 5;

function cellsOf(at) {
  const cells = [];
  for (let back = MONTHS - 1; back >= 0; --back) {
    MEASURED.forEach((rule, r) => {
      const clocks = 4 + ((back * 5 + r * 7) % 17);
      const late = (back * 3 + r * 2) % 6;
      cells.push({
        agency: AGENCY[rule] ?? 'gwynfryn_council',
        rule,
        month: month(at, -back),
        clocks,
        late,
        in_time: clocks - late,
        children: Math.max(1, clocks - 2),
        byReport: (back + r) % 3,
        spent: clocks * (1500 + r * 900),
        paused: r * 400 * late,
      });
    });
  }
  return cells;
}

const chosen = (cells, query) =>
  cells.filter(
    (one) =>
      (!query.agency || one.agency === query.agency) &&
      (!query.rule || one.rule === query.rule) &&
      (!query.from || one.month >= query.from) &&
      (!query.to || one.month <= query.to),
  );

// Of those that were in time or late; none of too few.
const percentOf = (inTime, late, hide) =>
  inTime + late === 0 || (hide && inTime + late < 5)
    ? null
    : Math.round((100 * inTime) / (inTime + late));

/** The cells by a name, each group made a line. */
const groups = (cells, nameOf, lineOf) =>
  [...new Set(cells.map(nameOf))].sort().map((name) =>
    lineOf(
      name,
      cells.filter((one) => nameOf(one) === name),
    ),
  );

const sum = (cells, key) => cells.reduce((total, one) => total + one[key], 0);

function sharesOf(agency, cells, hide) {
  const spent = sum(cells, 'spent');
  const parts = [
    { who: agency, paused: false, size: Math.round(spent * 0.55) },
    { who: 'ysgol_y_bont', paused: false, size: Math.round(spent * 0.22) },
    { who: 'family', paused: true, size: sum(cells, 'paused') },
    { who: '', paused: false, size: Math.round(spent * 0.05) },
  ];
  const all = sum(parts, 'size');
  const isTold = !hide || sum(cells, 'children') >= 5;
  return parts.map(({ who, paused, size }) => ({
    who,
    paused,
    minutes: hide ? null : size,
    percent: isTold ? Math.round((100 * size) / all) : null,
  }));
}

const range = (at, query) => ({ from: query.from ?? month(at, -11), to: query.to ?? month(at, 0) });

export function delayOf(at, query, hide) {
  const cells = chosen(cellsOf(at), query);
  const counted = (list) => ({
    children: few(sum(list, 'children'), hide),
    clocks: few(sum(list, 'clocks'), hide),
    in_time: few(sum(list, 'in_time'), hide),
    late: few(sum(list, 'late'), hide),
    percent_in_time: percentOf(sum(list, 'in_time'), sum(list, 'late'), hide),
    late_by_report: few(sum(list, 'byReport'), hide),
    minutes_late: hide ? null : sum(list, 'late') * 1900,
    minutes_late_mean: hide && sum(list, 'late') < 5 ? null : 1900,
    minutes_reporting: hide ? null : sum(list, 'clocks') * 310,
    minutes_reporting_mean: hide && sum(list, 'children') < 5 ? null : 310.4,
  });
  const line = (list) => ({
    ...counted(list),
    minutes: list.length
      ? sharesOf(query.agency ?? list[0]?.agency ?? 'gwynfryn_council', list, hide)
      : [],
  });
  return {
    ...range(at, query),
    suppressed: hide,
    at: after(at, 0),
    position: 'p-1',
    rows: cells.map((one) => ({
      agency: one.agency,
      rule: one.rule,
      title: titleOf(one.rule),
      month: one.month,
      ...line([one]),
    })),
    by_month: groups(
      cells,
      (one) => one.month,
      (month, list) => ({ month, ...line(list) }),
    ),
    by_rule: groups(
      cells,
      (one) => one.rule,
      (rule, list) => ({ rule, title: titleOf(rule), ...line(list) }),
    ),
    total: line(cells),
  };
}

export function performanceOf(at, query, hide) {
  const cells = chosen(cellsOf(at), query).slice(-12);
  const lines = cells.flatMap((one) =>
    ['cy', 'en', ''].map((language, place) => ({
      ...one,
      language,
      clocks: Math.max(1, Math.floor(one.clocks / (place + 2))),
      late: Math.floor(one.late / (place + 2)),
    })),
  );
  const counts = (list) => {
    const [clocks, late] = [sum(list, 'clocks'), sum(list, 'late')];
    return {
      children: few(clocks, hide),
      clocks: few(clocks, hide),
      in_time: few(clocks - late, hide),
      late: few(late, hide),
      percent_in_time: percentOf(clocks - late, late, hide),
      excused: few(late > 3 ? 1 : 0, hide),
      cancelled: 0,
      untold: 0,
    };
  };
  return {
    ...range(at, query),
    suppressed: hide,
    at: after(at, 0),
    position: 'p-1',
    rows: lines.map((one) => ({
      agency: one.agency,
      rule: one.rule,
      title: titleOf(one.rule),
      month: one.month,
      language: one.language,
      ...counts([one]),
    })),
    by_language: groups(
      lines,
      (one) => one.language,
      (language, list) => ({ language, ...counts(list) }),
    ),
    total: counts(lines),
  };
}

export function flowOf(at, query, hide) {
  const pairs = [
    ['gwynfryn_council', 'camhs_dyffryn', 9],
    ['ysgol_y_bont', 'gwynfryn_council', 14],
    ['gwynfryn_council', 'llais_charity', 6],
    ['dyffryn_health', 'camhs_dyffryn', 3],
  ];
  const cells = pairs
    .flatMap(([asker, asked, asks], p) =>
      [0, 1, 2].map((back) => ({
        asker,
        asked,
        month: month(at, -back),
        asks: asks + back,
        declined: (p + back) % 7,
        redirected: back,
        taken_on: Math.floor((asks - ((p + back) % 7)) / 2),
        returned: p === 0 ? 2 + back : 0,
        reason: ['threshold_not_met', 'no_capacity', ''][(p * 3 + back) % 3],
      })),
    )
    .filter(
      (one) =>
        (!query.agency || one.asker === query.agency || one.asked === query.agency) &&
        (!query.from || one.month >= query.from) &&
        (!query.to || one.month <= query.to),
    );
  const counts = (list) => {
    const answered = ['taken_on', 'declined', 'redirected'].map((key) => sum(list, key));
    return {
      children: few(sum(list, 'asks') - list.length, hide),
      asks: few(sum(list, 'asks'), hide),
      taken_on: few(sum(list, 'taken_on'), hide),
      declined: few(sum(list, 'declined'), hide),
      redirected: few(sum(list, 'redirected'), hide),
      unanswered: few(
        Math.max(
          0,
          answered.reduce((left, one) => left - one, sum(list, 'asks')),
        ),
        hide,
      ),
      returned: few(sum(list, 'returned'), hide),
      reasons: groups(
        list.filter((one) => one.declined > 0),
        (one) => one.reason,
        (reason, of) => ({ reason, declined: few(sum(of, 'declined'), hide) }),
      ),
    };
  };
  return {
    ...range(at, query),
    suppressed: hide,
    at: after(at, 0),
    position: 'p-1',
    rows: cells.map((one) => ({
      asker: one.asker,
      asked: one.asked,
      month: one.month,
      ...counts([one]),
    })),
    total: counts(cells),
  };
}

export function rulesOf(at) {
  return {
    at: after(at, 0),
    books: [
      { book: 'demo', version: '2025-04', published: after(at, -24 * 200), rules: 0 },
      {
        book: 'demo',
        version: '2026-01',
        published: after(at, -24 * 30),
        rules: Object.keys(RULES).length,
      },
    ],
    rules: Object.entries(RULES)
      .sort()
      .map(([rule, one]) => ({
        rule,
        title: { en: one.en, cy: one.cy },
        book_version: BOOK,
        weight: one.weight,
        accountable: AGENCY[rule] ?? 'gwynfryn_council',
        source: one.source,
        address: one.address,
        valid_from: '2026-01-01',
        valid_to: '',
        explained: {
          en: `${one.en}.\n${HOW.en}`,
          cy: `${one.cy}.\n${HOW.cy}`,
        },
      })),
  };
}

export function readsOf(at, children) {
  const purposes = ['safeguarding', 'direct_work', 'supervision', 'emergency'];
  return Array.from({ length: 14 }, (_, place) => ({
    number: 214 - place,
    at: after(at, -place * 2.4),
    subject: place % 3 ? 'sian' : 'tomos',
    client: 'dolen-dashboard',
    agency: place % 3 ? 'gwynfryn_council' : 'camhs_dyffryn',
    roles: ['practitioner'],
    purpose: purposes[place % 4],
    what: place % 2 ? 'GET /v1/children/{child}/timeline' : 'GET /v1/worklist',
    children: place % 2 ? [children[place % children.length]] : children.slice(0, 5),
    extent: place % 2 ? 'whole' : 'open_part',
    emergency: purposes[place % 4] === 'emergency' ? 'Found alone at night, no answer at home' : '',
  }));
}
