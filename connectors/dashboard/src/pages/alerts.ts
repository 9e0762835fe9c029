// Alerts: what is open, live, with many acted on at once. An alert is about a step, never about
// blame.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App, Page } from '../app';
import type { Alert } from '../contract';
import { byDue, LiveList, type Change } from '../live_list';
import { pathTo } from '../router';
import type { SentEvent } from '../sse';
import { DEEDS, DeedForm } from '../shared/deeds';
import { changeCounter, liveSign } from '../shared/live_sign';
import { emptyView } from '../shared/loading';
import { agency, childLink, childShort, due, levelTag, levelText, past } from '../shared/parts';
import { table, TableOrder, type Column } from '../shared/table';
import { coded, said, t, type Key } from '../words';

const ENDED = new Set(['cleared', 'withdrawn']);

function changeOf(event: SentEvent): Change<Alert> {
  if (event.event !== 'alert') return null;
  const alert = JSON.parse(event.data) as Alert;
  return ENDED.has(alert.state)
    ? { kind: 'gone', id: alert.alert_id }
    : { kind: 'put', item: alert };
}

export const alertTitle = (alert: Alert): TemplateResult =>
  html` <a class="govuk-link" href=${pathTo('alert', alert.alert_id)}>${said(alert.title)}</a>`;

export const alertState = (alert: Alert): TemplateResult =>
  html` <span class="dolen-alert-state dolen-alert-state--${alert.state}"
      >${t(`alert_state_${alert.state}`)}</span
    >
    ${alert.assigned_to === ''
      ? nothing
      : html`<span class="dolen-exact"
          >${t('assigned_to', { whom: agency(alert.assigned_to) })}</span
        >`}`;

class AlertsPage implements Page {
  private readonly list: LiveList<Alert>;
  private readonly chosen = new Set<string>();
  private readonly order: TableOrder;
  private readonly form: DeedForm;
  private level = '';
  private state: 'all' | 'unanswered' | 'answered' = 'all';

  constructor(private readonly app: App) {
    this.list = new LiveList<Alert>(app, {
      list: 'alerts',
      stream: 'alertsStream',
      query: {},
      id: (alert) => alert.alert_id,
      change: changeOf,
      compare: byDue,
      changed: changeCounter(app),
    });
    this.order = new TableOrder((text) => {
      app.tell(text);
      app.redraw();
    });
    this.form = new DeedForm(app, (done) => this.acted(done.position));
    void this.list.open();
  }

  title = () => t('title_alerts');

  leave(): void {
    this.list.stop();
  }

  view(): TemplateResult {
    return html` <div class="dolen-bar">
        <p class="govuk-body dolen-bar__text">${t('alerts_text')}</p>
        ${this.list.loading.value ? liveSign(this.list.state) : nothing}
      </div>
      ${this.list.loading.view(
        () => this.all(),
        () => void this.list.open(),
      )}`;
  }

  private all(): TemplateResult {
    if (this.list.items.length === 0) return emptyView(t('alerts_none'), t('alerts_none_text'));
    const shown = this.shown();
    return html` ${this.filters()} ${this.toolbar(shown)} ${this.form.view(this.chosenShown(shown))}
    ${shown.length === 0
      ? emptyView(t('nothing_fits'))
      : table({
          caption: t('alerts_caption'),
          hideCaption: true,
          columns: this.columns(),
          rows: shown,
          order: this.order,
          id: (one) => one.alert_id,
        })}
    ${this.list.loading.value?.next
      ? html`<button
          type="button"
          class="govuk-button govuk-button--secondary"
          @click=${() => void this.list.more()}
        >
          ${t('show_more')}
        </button>`
      : nothing}`;
  }

  private shown(): Alert[] {
    const isOpen = (alert: Alert) =>
      ['raised', 'amended', 'escalated', 'assigned'].includes(alert.state);
    return this.list.items.filter(
      (alert) =>
        (this.level === '' || alert.level === this.level) &&
        (this.state === 'all' || isOpen(alert) === (this.state === 'unanswered')),
    );
  }

  private chosenShown = (shown: Alert[]): string[] =>
    shown.map((one) => one.alert_id).filter((id) => this.chosen.has(id));

  private filters(): TemplateResult {
    const levels = [...new Set(this.list.items.map((one) => one.level))].sort();
    return html` <div class="dolen-filter">
      <div>
        <label class="govuk-label" for="level">${t('level')}</label>
        <select
          class="govuk-select"
          id="level"
          @change=${(event: Event) => {
            this.level = (event.target as HTMLSelectElement).value;
            this.app.redraw();
          }}
        >
          <option value="">${t('all')}</option>
          ${levels.map(
            (one) =>
              html`<option value=${one} ?selected=${one === this.level}>${levelText(one)}</option>`,
          )}
        </select>
      </div>
      <div>
        <label class="govuk-label" for="answered">${t('answered_or_not')}</label>
        <select
          class="govuk-select"
          id="answered"
          @change=${(event: Event) => {
            this.state = (event.target as HTMLSelectElement).value as 'all';
            this.app.redraw();
          }}
        >
          ${(['all', 'unanswered', 'answered'] as const).map(
            (one) => html` <option value=${one} ?selected=${one === this.state}>${t(one)}</option>`,
          )}
        </select>
      </div>
    </div>`;
  }

  private toolbar(shown: Alert[]): TemplateResult {
    const chosen = this.chosenShown(shown).length;
    return html` <div class="dolen-toolbar" role="group" aria-label=${t('deeds')} data-deeds>
      <div class="govuk-checkboxes govuk-checkboxes--small dolen-check">
        <div class="govuk-checkboxes__item">
          <input
            class="govuk-checkboxes__input"
            type="checkbox"
            id="all"
            .checked=${chosen > 0 && chosen === shown.length}
            .indeterminate=${chosen > 0 && chosen < shown.length}
            @change=${(event: Event) =>
              this.chooseAll(shown, (event.target as HTMLInputElement).checked)}
          />
          <label class="govuk-label govuk-checkboxes__label" for="all"
            >${t('choose_all', { n: shown.length })}</label
          >
        </div>
      </div>
      <p class="dolen-toolbar__count">${t('chosen', { n: chosen })}</p>
      ${DEEDS.map(
        (did) =>
          html`<button
            type="button"
            class="govuk-button govuk-button--secondary dolen-button-small"
            data-deed=${did}
            aria-disabled=${chosen === 0 ? 'true' : 'false'}
            @click=${() => this.begin(did, chosen)}
          >
            ${t(`deed_${did}`)}
          </button>`,
      )}
    </div>`;
  }

  private begin(did: (typeof DEEDS)[number], chosen: number): void {
    if (chosen === 0) return this.app.tell(t('choose_first'));
    this.form.open(did);
  }

  private chooseAll(shown: Alert[], yes: boolean): void {
    for (const { alert_id: id } of shown)
      if (yes) this.chosen.add(id);
      else this.chosen.delete(id);
    this.app.redraw();
  }

  private columns(): Array<Column<Alert>> {
    return [
      {
        key: 'title',
        title: t('step'),
        by: (one) => said(one.title),
        show: (one) => this.check(one),
      },
      {
        key: 'level',
        title: t('level'),
        by: (one) => one.level,
        show: (one) =>
          html` ${levelTag(one.level)}
            <div class="dolen-exact">${past(one.since)}</div>`,
      },
      {
        key: 'due',
        title: t('due'),
        by: (one) => Date.parse(one.due),
        show: (one) => due(one.due),
      },
      {
        key: 'state',
        title: t('said_last'),
        by: (one) => t(`alert_state_${one.state}` as Key),
        show: alertState,
      },
      {
        key: 'child',
        title: t('child'),
        by: (one) => one.child,
        show: (one) => childLink(one.child),
      },
      {
        key: 'accountable',
        title: t('who_can_act'),
        by: (one) => agency(one.accountable),
        show: (one) => agency(one.accountable),
      },
    ];
  }

  private check(alert: Alert): TemplateResult {
    const id = `choose-${alert.alert_id}`;
    return html` <div
      class="govuk-checkboxes govuk-checkboxes--small dolen-check"
      data-alert=${alert.alert_id}
    >
      <div class="govuk-checkboxes__item">
        <input
          class="govuk-checkboxes__input"
          type="checkbox"
          id=${id}
          .checked=${this.chosen.has(alert.alert_id)}
          @change=${(event: Event) => {
            if ((event.target as HTMLInputElement).checked) this.chosen.add(alert.alert_id);
            else this.chosen.delete(alert.alert_id);
            this.app.redraw();
          }}
        />
        <label class="govuk-label govuk-checkboxes__label" for=${id}>
          <span class="govuk-visually-hidden"
            >${t('choose_alert', { title: said(alert.title), key: childShort(alert.child) })}</span
          ></label
        >
      </div>
      <div>
        ${alertTitle(alert)}
        ${this.list.fresh.has(alert.alert_id)
          ? html`<span class="dolen-fresh">${t('fresh')}</span>`
          : nothing}
        <span class="dolen-exact">${coded('about', alert.about)} · ${alert.rule}</span>
      </div>
    </div>`;
  }

  private acted(position: string): void {
    this.chosen.clear();
    void this.list.open(position);
    this.app.focus('#all');
  }
}

export const alertsPage = (app: App): Page => new AlertsPage(app);
