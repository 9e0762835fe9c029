// Made by "npm run contract" from deploy/api/openapi.json; not to be edited.

export type Problem = { type: string; title: string; status: number; detail: string; code: string; };

export type Text = { en: string; cy: string; };

export type Me = {
  subject: string;
  agency: string;
  roles: Array<'practitioner' | 'team_lead' | 'board_analyst' | 'auditor' | 'operator'>;
  teams: string[];
  purposes: Array<'direct_work' | 'safeguarding' | 'supervision' | 'learning' | 'audit' | 'subject_request' | 'emergency' | 'operations'>;
  pages: Array<'worklist' | 'children' | 'handovers' | 'alerts' | 'numbers' | 'rules' | 'audit' | 'installation'>;
  until: string;
};

export type SignIn = {
  kind: 'development' | 'oidc';
  people?: Array<{
    id: string;
    name: string;
    agency: string;
    agency_name: { en: string; cy: string; };
    roles: Array<'practitioner' | 'team_lead' | 'board_analyst' | 'auditor' | 'operator'>;
  }>;
  issuer?: string;
  client_id?: string;
  scope?: string;
};

export type Token = { access_token: string; expires_in: number; };

export type Source = string;

export type WorkItem = {
  clock: string;
  child: string;
  matter: string;
  rule: string;
  title: { en: string; cy: string; };
  book_version: string;
  source: Source;
  weight: 'advisory' | 'statute' | 'guidance' | 'local';
  accountable: string;
  asker: string;
  state: 'not_started' | 'running' | 'overdue' | 'paused' | 'in_time' | 'late' | 'excused' | 'cancelled' | 'standing' | 'done' | 'no_calendar';
  started: string;
  due: string | null;
  target: string | null;
  paused_by: string;
  alert: null | { alert_id: string; level: string; state: string; assigned_to: string; };
};

export type Page = { at: string; position: string; next: string | null; };

export type Worklist = { at: string; position: string; next: string | null; items: WorkItem[]; };

export type Alert = {
  alert_id: string;
  number: number;
  child: string;
  matter: string;
  clock: string;
  about: 'deadline' | 'handover' | 'gap' | 'overlap' | 'silence' | 'missing_step';
  level: string;
  state: 'raised' | 'amended' | 'acknowledged' | 'escalated' | 'cleared' | 'withdrawn' | 'snoozed' | 'assigned' | 'resolved';
  due: string;
  since: string;
  accountable: string;
  rule: string;
  book_version: string;
  source: Source;
  title: { en: string; cy: string; };
  weight: 'advisory' | 'statute' | 'guidance' | 'local';
  assigned_to: string;
  until: string | null;
};

export type Alerts = { at: string; position: string; next: string | null; items: Alert[]; };

export type AlertTrail = {
  at: string;
  position: string;
  alert: Alert;
  trail: Array<{
    at: string;
    kind: 'change' | 'action' | 'receipt';
    state: string;
    by: string;
    note: string;
    due: string | null;
  }>;
};

export type Deed = {
  did: 'acknowledged' | 'snoozed' | 'assigned' | 'resolved' | 'noted';
  alerts: string[];
  note?: string;
  until?: string;
  to?: string;
};

export type Done = { alerts: number; position: string; };

export type Find = { issuer: string; value: string; };

export type Found = { child: string; };

export type EventLine = {
  occurred: string;
  recorded: string;
  agency: string;
  event: string;
  event_id: string;
  matter: string;
  to_agency: string;
  reason: string;
  outcome: string;
  part: string;
  extent: 'open_part' | 'whole';
  private: null | { text: string; practitioner: string; child_name: string; };
  notes: Array<{
    code: string;
    title: { en: string; cy: string; };
    against: { agency: string; event_id: string; };
  }>;
};

export type ClockLine = {
  clock: string;
  rule: string;
  title: { en: string; cy: string; };
  state: 'not_started' | 'running' | 'overdue' | 'paused' | 'in_time' | 'late' | 'excused' | 'cancelled' | 'standing' | 'done' | 'no_calendar';
  open: boolean;
  started: string;
  due: string | null;
  closed: string | null;
  accountable: string;
  matter: string;
  book_version: string;
  source: Source;
  weight: 'advisory' | 'statute' | 'guidance' | 'local';
  charged: Array<{ from: string; to: string | null; days?: number; minutes?: number; owner: string; }>;
  minutes: Array<{ who: string; paused: boolean; minutes: number; }>;
};

export type Timeline = {
  child: string;
  at: string;
  reached: string;
  position: string;
  as_of: string | null;
  known_at: string | null;
  emergency_until: string | null;
  name: string;
  identifiers: Array<{ issuer: string; value: string; }>;
  language: string;
  events: EventLine[];
  next: string | null;
  clocks: ClockLine[];
  holders: Array<{
    part: string;
    agency: string;
    since: string;
    by: 'handover' | 'episode' | 'cover';
  }>;
  alerts: null | Alert[];
};

export type Emergency = { child?: string; issuer?: string; value?: string; reason: string; };

export type EmergencyGranted = { child: string; until: string; };

export type Handover = {
  kind: 'offered' | 'gap' | 'overlap';
  child: string;
  matter: string;
  part: string;
  from: string;
  to: string;
  since: string;
  due: string | null;
};

export type Handovers = { at: string; position: string; next: string | null; items: Handover[]; };

export type Holding = {
  child: string;
  part: string;
  since: string;
  by: 'handover' | 'episode' | 'cover';
};

export type Holdings = { at: string; position: string; next: string | null; items: Holding[]; };

export type Delay = {
  from: string;
  to: string;
  suppressed: boolean;
  at: string;
  position: string;
  rows: Array<{
    agency: string;
    rule: string;
    title: { en: string; cy: string; };
    month: string;
    children: number | 'fewer than 5';
    clocks: number | 'fewer than 5';
    in_time: number | 'fewer than 5';
    late: number | 'fewer than 5';
    percent_in_time: number | null;
    late_by_report: number | 'fewer than 5';
    minutes_late: number | null;
    minutes_late_mean?: number | null;
    minutes_reporting: number | null;
    minutes_reporting_mean?: number | null;
    minutes: Array<{ who: string; paused: boolean; minutes: number | null; percent?: number | null; }>;
  }>;
  by_month: Array<{
    month: string;
    children: number | 'fewer than 5';
    clocks: number | 'fewer than 5';
    in_time: number | 'fewer than 5';
    late: number | 'fewer than 5';
    percent_in_time: number | null;
    late_by_report: number | 'fewer than 5';
    minutes_late: number | null;
    minutes_late_mean?: number | null;
    minutes_reporting: number | null;
    minutes_reporting_mean?: number | null;
    minutes: Array<{ who: string; paused: boolean; minutes: number | null; percent?: number | null; }>;
  }>;
  by_rule: Array<{
    rule: string;
    title: { en: string; cy: string; };
    children: number | 'fewer than 5';
    clocks: number | 'fewer than 5';
    in_time: number | 'fewer than 5';
    late: number | 'fewer than 5';
    percent_in_time: number | null;
    late_by_report: number | 'fewer than 5';
    minutes_late: number | null;
    minutes_late_mean?: number | null;
    minutes_reporting: number | null;
    minutes_reporting_mean?: number | null;
    minutes: Array<{ who: string; paused: boolean; minutes: number | null; percent?: number | null; }>;
  }>;
  total: {
    children: number | 'fewer than 5';
    clocks: number | 'fewer than 5';
    in_time: number | 'fewer than 5';
    late: number | 'fewer than 5';
    percent_in_time: number | null;
    late_by_report: number | 'fewer than 5';
    minutes_late: number | null;
    minutes_late_mean?: number | null;
    minutes_reporting: number | null;
    minutes_reporting_mean?: number | null;
    minutes: Array<{ who: string; paused: boolean; minutes: number | null; percent?: number | null; }>;
  };
};

export type Performance = {
  from: string;
  to: string;
  suppressed: boolean;
  at: string;
  position: string;
  rows: Array<{
    agency: string;
    rule: string;
    title: { en: string; cy: string; };
    month: string;
    language: string;
    children: number | 'fewer than 5';
    clocks: number | 'fewer than 5';
    in_time: number | 'fewer than 5';
    late: number | 'fewer than 5';
    percent_in_time: number | null;
    excused: number | 'fewer than 5';
    cancelled: number | 'fewer than 5';
    untold: number | 'fewer than 5';
  }>;
  by_language: Array<{
    language: string;
    children: number | 'fewer than 5';
    clocks: number | 'fewer than 5';
    in_time: number | 'fewer than 5';
    late: number | 'fewer than 5';
    percent_in_time: number | null;
    excused: number | 'fewer than 5';
    cancelled: number | 'fewer than 5';
    untold: number | 'fewer than 5';
  }>;
  total: {
    children: number | 'fewer than 5';
    clocks: number | 'fewer than 5';
    in_time: number | 'fewer than 5';
    late: number | 'fewer than 5';
    percent_in_time: number | null;
    excused: number | 'fewer than 5';
    cancelled: number | 'fewer than 5';
    untold: number | 'fewer than 5';
  };
};

export type Flow = {
  from: string;
  to: string;
  suppressed: boolean;
  at: string;
  position: string;
  rows: Array<{
    asker: string;
    asked: string;
    month: string;
    children: number | 'fewer than 5';
    asks: number | 'fewer than 5';
    taken_on: number | 'fewer than 5';
    declined: number | 'fewer than 5';
    redirected: number | 'fewer than 5';
    unanswered: number | 'fewer than 5';
    returned: number | 'fewer than 5';
    reasons: Array<{ reason: string; declined: number | 'fewer than 5'; }>;
  }>;
  total: {
    children: number | 'fewer than 5';
    asks: number | 'fewer than 5';
    taken_on: number | 'fewer than 5';
    declined: number | 'fewer than 5';
    redirected: number | 'fewer than 5';
    unanswered: number | 'fewer than 5';
    returned: number | 'fewer than 5';
    reasons: Array<{ reason: string; declined: number | 'fewer than 5'; }>;
  };
};

export type Silence = {
  at: string;
  position: string;
  rows: Array<{
    agency: string;
    heard: string | null;
    expected_by: string | null;
    silent: boolean;
  }>;
};

export type Rules = {
  at: string;
  books: Array<{ book: string; version: string; published: string; rules: number; }>;
  rules: Array<{
    rule: string;
    title: { en: string; cy: string; };
    book_version: string;
    weight: 'advisory' | 'statute' | 'guidance' | 'local';
    accountable: string;
    source: Source;
    address: string;
    valid_from: string;
    valid_to: string;
    explained: { en: string; cy: string; };
  }>;
};

export type Words = { words: Array<{ code: string; title: { en: string; cy: string; }; }>; };

export type Read = {
  number: number;
  at: string;
  subject: string;
  client: string;
  agency: string;
  roles: string[];
  purpose: string;
  what: string;
  children: string[];
  extent: 'nothing' | 'open_part' | 'whole';
  emergency: string;
};

export type Reads = { head: { number: number; hash: string; }; next: string | null; items: Read[]; };

export interface Answers {
  signIn: SignIn;
  developmentToken: Token;
  me: Me;
  worklist: Worklist;
  alerts: Alerts;
  alert: AlertTrail;
  alertActions: Done;
  findChild: Found;
  timeline: Timeline;
  readers: Reads;
  emergency: EmergencyGranted;
  handovers: Handovers;
  holdings: Holdings;
  delay: Delay;
  performance: Performance;
  flow: Flow;
  silence: Silence;
  rules: Rules;
  words: Words;
  audit: Reads;
}

export interface Bodies {
  developmentToken: { id: string; };
  alertActions: Deed;
  findChild: Find;
  emergency: Emergency;
}

export interface Queries {
  signIn: {};
  developmentToken: {};
  me: {};
  worklist: {
    whose?: 'mine' | 'waiting';
    rule?: string;
    state?: 'running' | 'overdue' | 'paused' | 'excused' | 'standing' | 'no_calendar';
    cursor?: string;
    limit?: number;
    min_position?: string;
  };
  worklistStream: { whose?: 'mine' | 'waiting'; after?: string; };
  alerts: { level?: string; cursor?: string; limit?: number; min_position?: string; };
  alertsStream: { after?: string; };
  alert: { min_position?: string; };
  alertActions: {};
  findChild: {};
  timeline: {
    as_of?: string;
    known_at?: string;
    cursor?: string;
    limit?: number;
    min_position?: string;
  };
  readers: { cursor?: string; limit?: number; };
  emergency: {};
  handovers: {
    kind?: 'offered' | 'gap' | 'overlap';
    cursor?: string;
    limit?: number;
    min_position?: string;
  };
  holdings: { cursor?: string; limit?: number; min_position?: string; };
  delay: {
    agency?: string;
    rule?: string;
    from?: string;
    to?: string;
    min_position?: string;
  };
  performance: {
    agency?: string;
    rule?: string;
    from?: string;
    to?: string;
    min_position?: string;
  };
  flow: { agency?: string; from?: string; to?: string; min_position?: string; };
  silence: { min_position?: string; };
  rules: { min_position?: string; };
  words: { min_position?: string; };
  audit: { child?: string; subject?: string; cursor?: string; limit?: number; };
}

export interface InPath {
  alert: { alert: string; };
  timeline: { child: string; };
  readers: { child: string; };
}

// purpose: it asks why one reads. open: it needs no token.
export const operations = {
  signIn: { method: 'GET', path: '/v1/sign-in', purpose: false, open: true },
  developmentToken: { method: 'POST', path: '/v1/sign-in/development', purpose: false, open: true },
  me: { method: 'GET', path: '/v1/me', purpose: false, open: false },
  worklist: { method: 'GET', path: '/v1/worklist', purpose: true, open: false },
  worklistStream: { method: 'GET', path: '/v1/worklist/stream', purpose: true, open: false },
  alerts: { method: 'GET', path: '/v1/alerts', purpose: true, open: false },
  alertsStream: { method: 'GET', path: '/v1/alerts/stream', purpose: true, open: false },
  alert: { method: 'GET', path: '/v1/alerts/{alert}', purpose: true, open: false },
  alertActions: { method: 'POST', path: '/v1/alerts/actions', purpose: true, open: false },
  findChild: { method: 'POST', path: '/v1/children/find', purpose: true, open: false },
  timeline: { method: 'GET', path: '/v1/children/{child}/timeline', purpose: true, open: false },
  readers: { method: 'GET', path: '/v1/children/{child}/readers', purpose: true, open: false },
  emergency: { method: 'POST', path: '/v1/emergencies', purpose: true, open: false },
  handovers: { method: 'GET', path: '/v1/handovers', purpose: true, open: false },
  holdings: { method: 'GET', path: '/v1/holdings', purpose: true, open: false },
  delay: { method: 'GET', path: '/v1/delay', purpose: true, open: false },
  performance: { method: 'GET', path: '/v1/performance', purpose: true, open: false },
  flow: { method: 'GET', path: '/v1/flow', purpose: true, open: false },
  silence: { method: 'GET', path: '/v1/silence', purpose: true, open: false },
  rules: { method: 'GET', path: '/v1/rules', purpose: false, open: false },
  words: { method: 'GET', path: '/v1/words', purpose: false, open: false },
  audit: { method: 'GET', path: '/v1/audit', purpose: true, open: false },
} as const;
