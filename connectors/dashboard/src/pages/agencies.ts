// Agencies: who asks whom, what was declined and why, what went to and fro, and who has not been
// heard.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App, Page } from '../app';
import type { Flow, Silence } from '../contract';
import { dueText, monthText } from '../dates';
import { reachedIs } from '../now';
import { chartPatterns, strip } from '../shared/charts';
import { emptyView, Loading } from '../shared/loading';
import { countColumn } from '../shared/count_columns';
import { countOrder, countText, sizeOf } from '../shared/numbers';
import { agency, figure, past, reasonText, shape } from '../shared/parts';
import { firstAgency, RangeForm } from '../shared/range';
import { saveTable } from '../shared/save_table';
import { table, TableOrder, type Column } from '../shared/table';
import { t } from '../words';

type FlowRow = Flow['rows'][number];
type SilenceRow = Silence['rows'][number];
type Reason = Flow['total']['reasons'][number];

const nameOf = (one: Reason): string => reasonText(one.reason);

class AgenciesPage implements Page {
  private readonly flow: Loading<Flow>;
  private readonly silence: Loading<Silence>;
  private readonly form: RangeForm;
  private readonly orders: Record<'flow' | 'silence' | 'reasons', TableOrder>;
  private agencies: string[] = [];

  constructor(private readonly app: App) {
    this.flow = new Loading(app);
    this.silence = new Loading(app);
    const order = () =>
      new TableOrder((text) => {
        app.tell(text);
        app.redraw();
      });
    this.orders = { flow: order(), silence: order(), reasons: order() };
    this.form = new RangeForm(app, { agency: firstAgency(app), rule: '', from: '', to: '' }, () =>
      this.read(),
    );
    this.read();
    this.readSilence();
  }

  title = () => t('title_agencies');

  view(): TemplateResult {
    return html`${chartPatterns()}
      <section aria-labelledby="silence">
        <h2 class="govuk-heading-m" id="silence">${t('silence')}</h2>
        <p class="govuk-body">${t('silence_text')}</p>
        ${this.silence.view(
          (value) => this.silent(value),
          () => this.readSilence(),
        )}
      </section>
      <section aria-labelledby="flow">
        <h2 class="govuk-heading-m" id="flow">${t('flow')}</h2>
        ${this.form.view({ agencies: this.agencies, rules: [] }, false)}
        ${this.flow.view(
          (value) => this.flows(value),
          () => this.read(),
        )}
      </section>`;
  }

  private read(): void {
    const { agency: one, from, to } = this.form.range;
    void this.flow.load(async () => {
      const value = await this.app.client.call('flow', { query: { agency: one, from, to } });
      reachedIs(value.at);
      const own = this.app.session.me?.agency ?? '';
      const seen = new Set([
        ...this.agencies,
        own,
        ...value.rows.flatMap((row) => [row.asker, row.asked]),
      ]);
      this.agencies = [...seen].filter((id) => id !== '').sort();
      return value;
    });
  }

  private readSilence(): void {
    void this.silence.load(() => this.app.client.call('silence', {}));
  }

  private flows(value: Flow): TemplateResult {
    if (value.rows.length === 0) return emptyView(t('flow_none'), t('numbers_none_text'));
    const { total } = value;
    const { agency: one, from, to } = this.form.range;
    return html` <p class="govuk-body">
        <b>${t('months_from_to', { from: monthText(value.from), to: monthText(value.to) })}</b>
        ${value.suppressed ? t('suppressed') : nothing}
      </p>
      <div class="dolen-figures">
        ${figure(countText(total.asks), t('count_asks'))}
        ${figure(countText(total.children), t('count_children'))}
        ${figure(countText(total.taken_on), t('count_taken_on'))}
        ${figure(countText(total.declined), t('count_declined'))}
        ${figure(countText(total.redirected), t('count_redirected'))}
        ${figure(countText(total.unanswered), t('count_unanswered'))}
        ${figure(countText(total.returned), t('count_returned'))}
      </div>
      ${this.reasons(value)}
      <h3 class="govuk-heading-s">${t('who_asks_whom')}</h3>
      ${table({
        caption: t('who_asks_whom'),
        hideCaption: true,
        columns: this.columns(),
        rows: value.rows,
        order: this.orders.flow,
      })}
      <p class="govuk-hint">${t('returned_text')}</p>
      ${saveTable(this.app, 'flow', { agency: one, from, to })}`;
  }

  private columns(): Array<Column<FlowRow>> {
    return [
      {
        key: 'asker',
        title: t('asks'),
        by: (one) => agency(one.asker),
        show: (one) => agency(one.asker),
      },
      {
        key: 'asked',
        title: t('is_asked'),
        by: (one) => agency(one.asked),
        show: (one) => agency(one.asked),
      },
      {
        key: 'month',
        title: t('month'),
        by: (one) => one.month,
        show: (one) => monthText(one.month, 'short'),
      },
      countColumn('asks', t('count_asks'), (one) => one.asks),
      countColumn('children', t('count_children'), (one) => one.children),
      countColumn('taken_on', t('count_taken_on'), (one) => one.taken_on),
      countColumn('declined', t('count_declined'), (one) => one.declined),
      countColumn('redirected', t('count_redirected'), (one) => one.redirected),
      countColumn('unanswered', t('count_unanswered'), (one) => one.unanswered),
      countColumn('returned', t('count_returned'), (one) => one.returned),
    ];
  }

  /** Declines by reason, all months together. */
  private reasons({ total }: Flow): TemplateResult | typeof nothing {
    const rows = [...total.reasons].sort((a, b) => countOrder(b.declined) - countOrder(a.declined));
    if (rows.length === 0) return nothing;
    const largest = Math.max(1, ...rows.map((one) => sizeOf(one.declined)));
    const columns: Array<Column<Reason>> = [
      { key: 'reason', title: t('reason'), by: nameOf, show: nameOf },
      countColumn('declined', t('count_declined'), (one) => one.declined),
      {
        key: 'bar',
        title: t('share'),
        isBar: true,
        show: (one) => strip([{ kind: 'others', value: sizeOf(one.declined) }], largest),
      },
    ];
    const caption = t('declined_why');
    return html`
      <h3 class="govuk-heading-s">${caption}</h3>
      <p class="govuk-body">${t('declined_why_text')}</p>
      ${table({ caption, hideCaption: true, columns, rows, order: this.orders.reasons })}
    `;
  }

  private silent(value: Silence): TemplateResult {
    if (value.rows.length === 0) return emptyView(t('silence_none'));
    const columns: Array<Column<SilenceRow>> = [
      {
        key: 'agency',
        title: t('agency'),
        by: (one) => agency(one.agency),
        show: (one) => agency(one.agency),
      },
      {
        key: 'state',
        title: t('state'),
        by: (one) => (one.silent ? 0 : 1),
        show: (one) =>
          one.heard === null
            ? html`<span class="dolen-state dolen-state--not_started"
                >${shape('not_started')}<span>${t('never_heard')}</span></span
              >`
            : one.silent
              ? html`<span class="dolen-state dolen-state--overdue"
                  >${shape('overdue')}<span>${t('silent')}</span></span
                >`
              : html`<span class="dolen-state dolen-state--in_time"
                  >${shape('in_time')}<span>${t('heard')}</span></span
                >`,
      },
      {
        key: 'heard',
        title: t('heard_last'),
        by: (one) => (one.heard === null ? null : Date.parse(one.heard)),
        show: (one) => (one.heard === null ? t('never') : past(one.heard)),
      },
      {
        key: 'expected',
        title: t('expected_by'),
        by: (one) => (one.expected_by === null ? null : Date.parse(one.expected_by)),
        show: (one) => (one.expected_by === null ? t('not_said') : dueText(one.expected_by)),
      },
    ];
    return table({
      caption: t('silence'),
      hideCaption: true,
      columns,
      rows: value.rows,
      order: this.orders.silence,
    });
  }
}

export const agenciesPage = (app: App): Page => new AgenciesPage(app);
