// Reads what `dolen simulate --format=json` printed: a line for each listed clock, the summary
// last. The file comes from a person's own disk and is checked before anything is shown. Pure.

export interface Standing {
  state: string;
  due: string | null;
  late_minutes: number;
  accountable: string;
}
export interface ClockDifference {
  child: string;
  rule: string;
  clock: string;
  before: Standing | null;
  after: Standing | null;
  due_moved_minutes: number;
}
export interface Group {
  clocks: { before: number; after: number };
  states: Record<string, { before: number; after: number }>;
  changed: { clocks: number; children: number };
  moves: Array<{ from: string; to: string; clocks: number; children: number }>;
  late_minutes: { before: number; after: number; more: number; less: number };
  raised: Record<string, { before: number; after: number }>;
}
export interface Summary {
  drafts: Array<{ book: string; version: string }>;
  from: string | null;
  to: string | null;
  at: string;
  events: number;
  children: {
    all: number;
    changed: number;
    late_before: number;
    late_after: number;
    newly_late: number;
    no_longer_late: number;
  };
  listed: number;
  all: Group;
  rules: Record<string, Group>;
  agencies: Record<string, Group>;
}
export interface WhatIf {
  clocks: ClockDifference[];
  summary: Summary;
}

/** What is wrong with the file; the page says it in words. */
export type FileFault = 'not_json' | 'no_summary' | 'too_large' | 'unreadable';

/** A summary with the longest list that a person would look through is far below this. */
export const LARGEST_BYTES = 20 * 1024 * 1024;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isGroup = (value: unknown): value is Group =>
  isObject(value) &&
  isObject(value.clocks) &&
  isObject(value.states) &&
  isObject(value.changed) &&
  Array.isArray(value.moves) &&
  isObject(value.late_minutes);

function isSummary(value: unknown): value is Summary {
  return (
    isObject(value) &&
    Array.isArray(value.drafts) &&
    typeof value.at === 'string' &&
    isObject(value.children) &&
    isGroup(value.all) &&
    isObject(value.rules) &&
    isObject(value.agencies) &&
    [...Object.values(value.rules), ...Object.values(value.agencies)].every(isGroup)
  );
}

const isDifference = (value: unknown): value is ClockDifference =>
  isObject(value) &&
  typeof value.child === 'string' &&
  typeof value.rule === 'string' &&
  (value.before === null || isObject(value.before)) &&
  (value.after === null || isObject(value.after));

export function readWhatIf(text: string): WhatIf | FileFault {
  const clocks: ClockDifference[] = [];
  let summary: Summary | null = null;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return 'not_json';
    }
    if (isObject(value) && 'summary' in value) {
      if (!isSummary(value.summary)) return 'no_summary';
      summary = value.summary;
    } else if (isDifference(value)) {
      clocks.push(value);
    } else {
      return 'no_summary';
    }
  }
  return summary === null ? 'no_summary' : { clocks, summary };
}
