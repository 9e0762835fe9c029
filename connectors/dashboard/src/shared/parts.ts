// Small pieces that many pages show: states, times, agencies, children, links inside the dashboard.
// A state is always a shape, a word and a colour together.
import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit-html';
import type { WorkItem } from '../contract';
import { dueText, listStyle, momentText, relativeDue, relativePast } from '../dates';
import { now } from '../now';
import { pathTo } from '../router';
import { coded, t } from '../words';

export type State = WorkItem['state'];
/** What is shown: a running clock whose time is nearly up is a state of its own to people. */
export type ShownState = State | 'soon';

export const SOON_MS = 24 * 60 * 60 * 1000;

/** Reading a clock at a later time is arithmetic: it turns late on the screen without a message. */
export function shownState(state: State, due: string | null, at: Date): ShownState {
  if (state !== 'running' || due === null) return state;
  const left = Date.parse(due) - at.getTime();
  if (left <= 0) return 'overdue';
  return left <= SOON_MS ? 'soon' : 'running';
}

// Each state has a shape of its own, which is told apart without colour and in print.
const SHAPES: Record<ShownState, SVGTemplateResult> = {
  overdue: svg`<path d="M8 1 15.5 15H.5Z" fill="currentColor"/>
    <path d="M8 6v4.5M8 12v1.6" class="dolen-shape__cut"/>`,
  soon: svg`<circle cx="8" cy="8" r="6.6" class="dolen-shape__line"/>
    <path d="M8 4v4.4l3 1.8" class="dolen-shape__line"/>`,
  running: svg`<circle cx="8" cy="8" r="6.6" class="dolen-shape__line"/>`,
  not_started: svg`<circle cx="8" cy="8" r="6.6" class="dolen-shape__line dolen-shape__dashed"/>`,
  paused: svg`<path d="M3.5 2h3v12h-3zM9.5 2h3v12h-3z" fill="currentColor"/>`,
  in_time: svg`<path d="m2 8.5 4 4 8-9" class="dolen-shape__line"/>`,
  done: svg`<path d="m2 8.5 4 4 8-9" class="dolen-shape__line"/>`,
  late: svg`<path d="m1.5 7 3.5 4 4.5-6M12 3v6M12 11.4V13" class="dolen-shape__line"/>`,
  excused: svg`<path d="M8 1 14 3.5V8c0 4-3 6-6 7-3-1-6-3-6-7V3.5Z" class="dolen-shape__line"/>`,
  cancelled: svg`<path d="m3 3 10 10M13 3 3 13" class="dolen-shape__line"/>`,
  standing: svg`<path d="M1 8h14" class="dolen-shape__line"/>`,
  no_calendar: svg`<path d="M2 3h12v11H2zM2 6.5h12M8 8.5v2M8 12v1" class="dolen-shape__line"/>`,
};

export const shape = (state: ShownState): TemplateResult =>
  html` <svg
    class="dolen-shape"
    viewBox="0 0 16 16"
    width="16"
    height="16"
    aria-hidden="true"
    focusable="false"
  >
    ${SHAPES[state]}
  </svg>`;

export const stateTag = (state: ShownState): TemplateResult =>
  html` <span class="dolen-state dolen-state--${state}"
    >${shape(state)}<span>${t(`state_${state}`)}</span></span
  >`;

/**
 * "2 days late" with the exact time beside it; of what is still open only, as it stood at a time.
 */
export const due = (instant: string | null, at = now()): TemplateResult =>
  instant === null
    ? html`<span class="dolen-due">${t('no_due')}</span>`
    : html`<span class="dolen-due"
        ><b>${relativeDue(instant, at)}</b>
        <time class="dolen-exact" datetime=${instant}
          >${dueText(instant, listStyle(instant, now()))}</time
        ></span
      >`;

export const past = (moment: string): TemplateResult =>
  html` <span class="dolen-due"
    >${relativePast(moment, now())}
    <time class="dolen-exact" datetime=${moment}
      >${momentText(moment, listStyle(moment, now()))}</time
    ></span
  >`;

/** "Tue 8 September, 09:00 (79 days ago)". */
export const exactPast = (moment: string, at = now()): TemplateResult =>
  html` <time datetime=${moment}>${momentText(moment)}</time>
    <span class="dolen-quiet">(${relativePast(moment, at)})</span>`;

export const exact = (moment: string): TemplateResult =>
  html`<time datetime=${moment}>${momentText(moment)}</time>`;

/** An agency by its short id, or a party as a rule names it. */
export function agency(id: string): string {
  if (id === '') return t('nobody');
  return coded('party', id.replace(/^agency:/, ''));
}

export const childShort = (key: string): string => `${key.slice(0, 4)} ${key.slice(4, 8)}`;

export const childLink = (key: string): TemplateResult =>
  html` <a class="govuk-link" href=${pathTo('child', key)}
    >${t('child_short', { key: childShort(key) })}</a
  >`;

/** "gwynfryn_council:R-101" as "R-101 of Gwynfryn council". */
export function matter(name: string): string {
  if (name === 'standing' || name === '') return t('matter_standing');
  const colon = name.indexOf(':');
  if (colon < 0) return name;
  return t('matter_of', { id: name.slice(colon + 1), agency: agency(name.slice(0, colon)) });
}

export const levelText = (level: string): string => coded('level', level);

/** A level with a shape: only what is still ahead has the shape of a clock. */
export const levelTag = (level: string): TemplateResult => {
  const like: ShownState = level === 'due_soon' || level === 'target' ? 'soon' : 'overdue';
  return html`<span class="dolen-state dolen-state--${like}"
    >${shape(like)}<span>${levelText(level)}</span></span
  >`;
};
export const weightText = (weight: string): string => coded('weight', weight);
export const eventText = (event: string): string => coded('event', event);
export const reasonText = (reason: string): string =>
  reason === '' ? t('no_reason') : coded('reason', reason);
export const partText = (part: string): string =>
  part === '' ? t('part_all') : coded('part', part);

/** A group of figures that are compared at a glance. */
export const figure = (value: string | number, label: string, kind = ''): TemplateResult =>
  html` <div class="dolen-figure ${kind === '' ? '' : `dolen-figure--${kind}`}">
    <span class="dolen-figure__value">${value}</span>
    <span class="dolen-figure__label">${label}</span>
  </div>`;

/** The links between the views of one child, or of the rules. */
export const subNavigation = (
  label: string,
  links: Array<[string, string, boolean]>,
): TemplateResult =>
  html` <nav class="dolen-sub" aria-label=${label}>
    <ul>
      ${links.map(
        ([path, text, here]) =>
          html` <li>
            <a class="govuk-link" href=${path} aria-current=${here ? 'page' : 'false'}>${text}</a>
          </li>`,
      )}
    </ul>
  </nav>`;
