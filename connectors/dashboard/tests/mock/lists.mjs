// What the made-up agency must do, what was said about it, and who holds whom; all told from one
// instant.
import { after, day, endOf, time } from './times.mjs';
import { BOOK, CHILDREN, RULES, titleOf } from './rules.mjs';

const own = 'gwynfryn_council';
const hex = (n, digits = 32) =>
  n
    .toString(16)
    .padStart(8, '0')
    .repeat(digits / 8);

function item(at, n, child, rule, matter, more) {
  return {
    clock: `${rule}/${matter}/${n}`,
    child: CHILDREN[child].key,
    matter,
    rule,
    title: titleOf(rule),
    book_version: BOOK,
    source: RULES[rule].source,
    weight: RULES[rule].weight,
    accountable: own,
    asker: '',
    state: 'running',
    started: time(at, -6, 9),
    due: null,
    target: null,
    paused_by: '',
    alert: null,
    ...more,
  };
}

const alertOf = (n, level, state = 'raised', assigned = '') => ({
  alert_id: hex(n),
  level,
  state,
  assigned_to: assigned,
});

export function workOf(at) {
  const council = (id) => `gwynfryn_council:${id}`;
  const mine = [
    item(at, 1, 'ifan', 'W-RPT-ACK', council('R-102'), {
      state: 'overdue',
      due: endOf(at, -2),
      asker: 'dyffryn_health',
      alert: alertOf(1, 'overdue'),
    }),
    item(at, 2, 'guto', 'W-RPT-DECIDE', council('R-107'), {
      state: 'overdue',
      due: after(at, -3),
      asker: 'ysgol_y_bont',
      alert: alertOf(2, 'overdue', 'acknowledged'),
    }),
    item(at, 3, 'mali', 'W-RPT-DECIDE', council('R-101'), {
      due: after(at, 2.6),
      asker: 'ysgol_y_bont',
      alert: alertOf(3, 'due_soon'),
      target: after(at, 0.5),
    }),
    item(at, 4, 'nia', 'W-ICPC-OUTLINE', council('R-110'), {
      due: endOf(at, 0),
      alert: alertOf(4, 'due_soon'),
    }),
    item(at, 5, 'mali', 'W-CORE-1', council('R-101'), {
      due: endOf(at, 1),
      asker: 'camhs_dyffryn',
    }),
    item(at, 6, 'elin', 'W-MISS-RHI', 'heddlu_dyffryn:M-5', {
      due: endOf(at, 3),
      asker: 'heddlu_dyffryn',
    }),
    item(at, 7, 'ifan', 'W-CORE-1', council('R-102'), { due: endOf(at, 5) }),
    item(at, 8, 'macs', 'W-MOVE-CONF', council('V-3'), {
      due: endOf(at, 16),
      asker: 'dyffryn_health',
    }),
    item(at, 9, 'nia', 'W-ICPC-OUTLINE', council('R-111'), {
      state: 'paused',
      due: null,
      paused_by: 'family',
    }),
    item(at, 10, 'guto', 'W-RPT-ACK', 'standing', {
      state: 'standing',
      due: null,
      weight: 'advisory',
    }),
  ];
  const waiting = [
    item(at, 11, 'mali', 'DEMO-ANSWER', council('T-7'), {
      accountable: 'camhs_dyffryn',
      asker: own,
      state: 'overdue',
      due: endOf(at, -4),
      alert: alertOf(5, 'overdue'),
    }),
    item(at, 12, 'guto', 'DEMO-ANSWER', council('T-9'), {
      accountable: 'llais_charity',
      asker: own,
      due: endOf(at, 2),
    }),
  ];
  return { mine, waiting };
}

export function alertsOf(at, work) {
  const items = [...work.mine, ...work.waiting].filter((one) => one.alert);
  const alerts = items.map((one, place) => ({
    alert_id: one.alert.alert_id,
    number: 3 + place,
    child: one.child,
    matter: one.matter,
    clock: one.clock,
    about: 'deadline',
    level: one.alert.level,
    state: one.alert.state,
    due: one.due,
    since: after(at, -1 - place * 5),
    accountable: one.accountable,
    rule: one.rule,
    book_version: BOOK,
    source: one.source,
    title: one.title,
    weight: one.weight,
    assigned_to: one.alert.assigned_to,
    until: one.alert.state === 'acknowledged' ? after(at, 20) : null,
  }));
  alerts.push({
    alert_id: hex(9),
    number: 31,
    child: CHILDREN.macs.key,
    matter: 'gwynfryn_council:V-3',
    clock: 'OUR-UNHELD/V-3',
    about: 'gap',
    level: 'overdue',
    state: 'escalated',
    due: endOf(at, -1),
    since: after(at, -14),
    accountable: own,
    rule: 'OUR-UNHELD',
    book_version: BOOK,
    source: 'Gwynfryn board, protocol 4',
    weight: 'local',
    title: {
      en: 'Somebody holds the child: at once',
      cy: 'Rhywun yn gyfrifol am y plentyn: ar unwaith',
    },
    assigned_to: '',
    until: null,
  });
  return alerts.sort((a, b) => a.due.localeCompare(b.due));
}

export function trailOf(at, alert) {
  const trail = [
    { at: alert.since, kind: 'change', state: 'raised', by: '', note: '', due: alert.due },
    {
      at: after(Date.parse(alert.since), 0.02),
      kind: 'receipt',
      state: 'delivered',
      by: 'alertmanager',
      note: '',
      due: null,
    },
  ];
  if (alert.state === 'acknowledged') {
    trail.push({
      at: after(Date.parse(alert.since), 0.3),
      kind: 'action',
      state: 'acknowledged',
      by: 'sian',
      note: 'Calling the school',
      due: null,
    });
    trail.push({
      at: after(Date.parse(alert.since), 0.3),
      kind: 'change',
      state: 'acknowledged',
      by: '',
      note: '',
      due: alert.due,
    });
  }
  if (alert.state === 'escalated') {
    trail.push({
      at: after(Date.parse(alert.since), 4),
      kind: 'change',
      state: 'escalated',
      by: '',
      note: '',
      due: alert.due,
    });
  }
  return trail;
}

export function handoversOf(at) {
  const row = (kind, child, more) => ({
    kind,
    child: CHILDREN[child].key,
    matter: '',
    part: '',
    from: '',
    to: '',
    since: day(at, -3),
    due: null,
    ...more,
  });
  return [
    row('gap', 'macs', { since: time(at, -2, 10, 30) }),
    row('offered', 'elin', {
      matter: 'heddlu_dyffryn:M-5',
      from: 'dyffryn_health',
      to: own,
      due: endOf(at, 1),
      part: 'health_visiting',
    }),
    row('offered', 'mali', {
      matter: 'gwynfryn_council:H-2',
      from: own,
      to: 'camhs_dyffryn',
      since: time(at, -9, 15),
      due: endOf(at, -1),
    }),
    row('overlap', 'guto', { from: own, to: 'dyffryn_health', since: day(at, -12) }),
  ];
}

export function holdingsOf(at) {
  const row = (child, since, by, part = '') => ({ child: CHILDREN[child].key, part, since, by });
  return [
    row('mali', time(at, -80, 9), 'episode'),
    row('ifan', day(at, -44), 'handover'),
    row('guto', day(at, -12), 'handover'),
    row('nia', time(at, -3, 8), 'cover', 'school_liaison'),
  ];
}

export function silenceOf(at) {
  const row = (agency, heard, expected, silent) => ({
    agency,
    heard,
    expected_by: expected,
    silent,
  });
  return [
    row('camhs_dyffryn', time(at, -3, 16, 5), endOf(at, -1), true),
    row('dyffryn_health', after(at, -1.2), endOf(at, 1), false),
    row('gwynfryn_council', after(at, -0.1), endOf(at, 1), false),
    row('heddlu_dyffryn', after(at, -5), null, false),
    row('llais_charity', null, null, false),
    row('ysgol_y_bont', time(at, -1, 15, 20), endOf(at, 2), false),
  ];
}
