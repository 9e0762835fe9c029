// My team now: what the agency must do next, or waits for, what will breach first standing first.
// Kept up to date while it is open; a clock turns late on the screen when its time comes, message
// or not.
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { App, Page } from '../app';
import type { WorkItem } from '../contract';
import { daysLeft, relativeDue } from '../dates';
import { byDue, LiveList, type Change } from '../live_list';
import { now } from '../now';
import { pathTo } from '../router';
import type { SentEvent } from '../sse';
import { changeCounter, liveSign } from '../shared/live_sign';
import { emptyView } from '../shared/loading';
import { act } from '../shared/deeds';
import {
  agency,
  childLink,
  childShort,
  due,
  figure,
  levelText,
  matter,
  past,
  shownState,
  SOON_MS,
  stateTag,
  weightText,
} from '../shared/parts';
import { said, t, type Key } from '../words';

type Group = 'late' | 'today' | 'week' | 'later' | 'held';
const GROUPS: Group[] = ['late', 'today', 'week', 'later', 'held'];
const WEEK = 7;
/** Later turns are found by the frame, which draws every now and then. */
const LONGEST_WAKE_MS = 60_000;

/** Where an item stands on the page; exported for the tests. */
export function groupOf(item: Pick<WorkItem, 'state' | 'due'>, at: Date): Group {
  const state = shownState(item.state, item.due, at);
  if (state === 'overdue') return 'late';
  if (item.due === null || (state !== 'running' && state !== 'soon')) return 'held';
  const days = daysLeft(item.due, at);
  if (days <= 0) return 'today';
  return days < WEEK ? 'week' : 'later';
}

const idOf = (item: Pick<WorkItem, 'child' | 'clock'>): string => `${item.child} ${item.clock}`;

function changeOf(event: SentEvent): Change<WorkItem> {
  if (event.event === 'item') return { kind: 'put', item: JSON.parse(event.data) as WorkItem };
  if (event.event === 'gone') {
    return { kind: 'gone', id: idOf(JSON.parse(event.data) as { child: string; clock: string }) };
  }
  return null;
}

class NowPage implements Page {
  private readonly whose: 'mine' | 'waiting';
  private readonly list: LiveList<WorkItem>;
  private wanted = '';
  private waking: ReturnType<typeof setTimeout> | undefined;
  private acknowledging = new Set<string>();

  constructor(private readonly app: App) {
    this.whose = app.route.query.get('whose') === 'waiting' ? 'waiting' : 'mine';
    this.list = new LiveList<WorkItem>(app, {
      list: 'worklist',
      stream: 'worklistStream',
      query: { whose: this.whose },
      id: idOf,
      change: changeOf,
      compare: byDue,
      changed: changeCounter(app),
    });
    void this.list.open();
  }

  title = () => t('title_now');

  leave(): void {
    this.list.stop();
    clearTimeout(this.waking);
  }

  /**
   * Draws again at the instant at which the next item turns soon or late, however far the frame's
   * own beat.
   */
  private wake(at: Date): void {
    clearTimeout(this.waking);
    const turns = this.list.items
      .filter((one) => one.state === 'running' && one.due !== null)
      .flatMap(({ due: instant }) => [
        Date.parse(instant ?? ''),
        Date.parse(instant ?? '') - SOON_MS,
      ])
      .map((instant) => instant - at.getTime())
      .filter((left) => left > 0 && left < LONGEST_WAKE_MS);
    if (turns.length > 0) this.waking = setTimeout(() => this.app.redraw(), Math.min(...turns));
  }

  view(): TemplateResult {
    return html` <div class="dolen-bar">
        ${this.switch()} ${this.list.loading.value ? liveSign(this.list.state) : nothing}
      </div>
      ${this.list.loading.view(
        () => this.all(),
        () => void this.list.open(),
      )}`;
  }

  private switch(): TemplateResult {
    const link = (whose: 'mine' | 'waiting') =>
      html` <li>
        <a
          href=${pathTo('now', '', whose === 'mine' ? {} : { whose })}
          aria-current=${whose === this.whose ? 'page' : nothing}
          >${t(`whose_${whose}`)}</a
        >
      </li>`;
    return html`<nav class="dolen-switch" aria-label=${t('whose')}>
      <ul>
        ${link('mine')}${link('waiting')}
      </ul>
    </nav>`;
  }

  private all(): TemplateResult {
    if (this.list.items.length === 0) {
      return emptyView(t(`empty_${this.whose}`), t(`empty_${this.whose}_text`));
    }
    const at = now();
    this.wake(at);
    const shown = this.list.items.filter((item) => this.isWanted(item));
    const groups = new Map<Group, WorkItem[]>(GROUPS.map((one) => [one, []]));
    for (const item of shown) groups.get(groupOf(item, at))?.push(item);
    return html` ${this.summary(groups, at)} ${this.filter()}
    ${shown.length === 0 ? emptyView(t('nothing_fits')) : nothing}
    ${GROUPS.map((group) => this.group(group, groups.get(group) ?? []))}
    ${this.list.loading.value?.next
      ? html`<p class="govuk-body">${t('only_first', { n: this.list.items.length })}</p>
          <button
            type="button"
            class="govuk-button govuk-button--secondary"
            @click=${() => void this.list.more()}
          >
            ${t('show_more')}
          </button>`
      : nothing}`;
  }

  /** What comes first, in one sentence, and how much there is. */
  private summary(groups: Map<Group, WorkItem[]>, at: Date): TemplateResult {
    const next = [
      ...(groups.get('today') ?? []),
      ...(groups.get('week') ?? []),
      ...(groups.get('later') ?? []),
    ][0];
    return html` <div class="dolen-summary">
      ${next?.due
        ? html`<p class="dolen-next">
            <span class="dolen-next__label">${t('breaches_next')}</span>
            <b>${relativeDue(next.due, at)}</b>: ${said(next.title)}
            <a class="govuk-link" href=${pathTo('child', next.child)}
              >${t('child_short', { key: childShort(next.child) })}</a
            >
          </p>`
        : nothing}
      <div class="dolen-figures">
        ${GROUPS.map((group) => figure(groups.get(group)?.length ?? 0, t(`group_${group}`), group))}
      </div>
    </div>`;
  }

  private isWanted(item: WorkItem): boolean {
    if (this.wanted === '') return true;
    const words = [
      said(item.title),
      item.rule,
      item.matter,
      agency(item.accountable),
      agency(item.asker),
      item.child,
    ];
    return words.some((one) => one.toLowerCase().includes(this.wanted));
  }

  private filter(): TemplateResult {
    return html` <div class="dolen-filter" role="search">
      <label class="govuk-label" for="filter">${t('filter')}</label>
      <input
        class="govuk-input"
        id="filter"
        type="search"
        autocomplete="off"
        spellcheck="false"
        @input=${(event: Event) => {
          this.wanted = (event.target as HTMLInputElement).value.trim().toLowerCase();
          this.app.redraw();
        }}
      />
    </div>`;
  }

  private group(group: Group, items: WorkItem[]): TemplateResult | typeof nothing {
    if (items.length === 0) return nothing;
    return html` <section
      class="dolen-group dolen-group--${group}"
      aria-labelledby=${`group-${group}`}
      data-group=${group}
    >
      <h2 class="govuk-heading-m" id=${`group-${group}`}>
        ${t(`group_${group}`)} <span class="dolen-count">${items.length}</span>
      </h2>
      <ol class="dolen-work">
        ${repeat(items, idOf, (item) => this.item(item))}
      </ol>
    </section>`;
  }

  private item(item: WorkItem): TemplateResult {
    const state = shownState(item.state, item.due, now());
    const isFresh = this.list.fresh.has(idOf(item));
    return html` <li
      class="dolen-item dolen-item--${state}"
      data-row=${idOf(item)}
      data-clock=${item.clock}
      data-child=${item.child}
    >
      <div class="dolen-item__when">${stateTag(state)} ${due(item.due)}</div>
      <div class="dolen-item__what">
        <h3 class="dolen-item__title">
          ${said(item.title)}
          ${isFresh ? html`<span class="dolen-fresh">${t('fresh')}</span>` : nothing}
        </h3>
        <p class="dolen-item__about">${childLink(item.child)} · ${matter(item.matter)}</p>
        <p class="dolen-item__about">${this.parties(item)}</p>
        ${this.why(item)}
      </div>
      <div class="dolen-item__alert">${this.alert(item)}</div>
    </li>`;
  }

  private parties(item: WorkItem): string {
    if (this.whose === 'waiting') return t('who_acts', { agency: agency(item.accountable) });
    if (item.state === 'paused' && item.paused_by !== '')
      return t('paused_by', { agency: agency(item.paused_by) });
    return item.asker === '' || item.asker === item.accountable
      ? t('nobody_waits')
      : t('who_waits', { agency: agency(item.asker) });
  }

  private why(item: WorkItem): TemplateResult {
    return html` <details class="dolen-why">
      <summary>
        ${t('why_this')}<span class="govuk-visually-hidden">: ${said(item.title)}</span>
      </summary>
      <dl class="dolen-facts">
        <div>
          <dt>${t('rule')}</dt>
          <dd>${item.rule}, ${t('book_version', { version: item.book_version })}</dd>
        </div>
        <div>
          <dt>${t('source')}</dt>
          <dd>${item.source} (${weightText(item.weight)})</dd>
        </div>
        <div>
          <dt>${t('started')}</dt>
          <dd>${past(item.started)}</dd>
        </div>
        ${item.target
          ? html`<div>
              <dt>${t('target')}</dt>
              <dd>${due(item.target)}</dd>
            </div>`
          : nothing}
      </dl>
    </details>`;
  }

  private alert(item: WorkItem): TemplateResult | typeof nothing {
    const alert = item.alert;
    if (!alert) return nothing;
    const open =
      alert.state === 'raised' || alert.state === 'escalated' || alert.state === 'amended';
    return html` <p>
        <a class="govuk-link" href=${pathTo('alert', alert.alert_id)}
          >${t('alert')}: ${levelText(alert.level)}
          <span class="govuk-visually-hidden">${said(item.title)}</span></a
        >
      </p>
      <p class="dolen-exact">
        ${t(`alert_state_${alert.state}` as Key)}${alert.assigned_to === ''
          ? ''
          : `, ${t('assigned_to', { whom: agency(alert.assigned_to) })}`}
      </p>
      ${open && this.app.session.may('alerts')
        ? html` <button
            type="button"
            class="govuk-button govuk-button--secondary dolen-button-small"
            ?disabled=${this.acknowledging.has(alert.alert_id)}
            @click=${() => void this.acknowledge(item, alert.alert_id)}
          >
            ${t('deed_acknowledged')}
            <span class="govuk-visually-hidden"
              >: ${said(item.title)}, ${childShort(item.child)}</span
            >
          </button>`
        : nothing}`;
  }

  private async acknowledge(item: WorkItem, alert: string): Promise<void> {
    this.acknowledging.add(alert);
    this.app.redraw();
    const done = await act(this.app, { did: 'acknowledged', alerts: [alert] });
    this.acknowledging.delete(alert);
    if (done) {
      // The stream says it too; until then the page shows what was done here.
      if (item.alert) item.alert.state = 'acknowledged';
      this.app.focus(`li[data-clock="${CSS.escape(item.clock)}"] a`);
    }
    this.app.redraw();
  }
}

export const nowPage = (app: App): Page => new NowPage(app);
