// Our delays: whose time it was, the trend by month, children and deadlines counted apart, what was
// late by reporting alone, and how it differs by the language of the family. Charts stand beside
// their tables.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App, Page } from '../app';
import type { Delay, Performance } from '../contract';
import { monthText } from '../dates';
import { reachedIs } from '../now';
import { chartPatterns, columns as monthColumns, legend, strip } from '../shared/charts';
import { languageName } from '../shared/child_frame';
import { countColumn, inTimeColumn } from '../shared/count_columns';
import { emptyView, Loading } from '../shared/loading';
import {
  countText,
  minutesOrHidden,
  monthsBetween,
  percentText,
  SHARE_KINDS,
  sharesOf,
  sizeOf,
  sizesOf,
  type DelayRow,
  type ShareKind,
  type Shares,
} from '../shared/numbers';
import { agency, figure } from '../shared/parts';
import { firstAgency, RangeForm, type RangeChoices } from '../shared/range';
import { saveTable } from '../shared/save_table';
import { sumsTable } from '../shared/sums';
import { table, TableOrder, type Column } from '../shared/table';
import { said, t } from '../words';

type PerformanceRow = Performance['rows'][number];
type Part = 'shares' | 'rules' | 'steps' | 'months' | 'languages' | 'families';
type MonthRow = Pick<
  Delay['by_month'][number],
  'month' | 'clocks' | 'children' | 'in_time' | 'late' | 'late_by_report'
>;

class DelaysPage implements Page {
  private readonly delay: Loading<Delay>;
  private readonly performance: Loading<Performance>;
  private readonly form: RangeForm;
  private readonly orders: Record<Part, TableOrder>;
  private choices: RangeChoices = { agencies: [], rules: [] };

  constructor(private readonly app: App) {
    this.delay = new Loading(app);
    this.performance = new Loading(app);
    const order = () =>
      new TableOrder((text) => {
        app.tell(text);
        app.redraw();
      });
    this.orders = {
      shares: order(),
      rules: order(),
      steps: order(),
      months: order(),
      languages: order(),
      families: order(),
    };
    this.form = new RangeForm(app, { agency: firstAgency(app), rule: '', from: '', to: '' }, () =>
      this.read(),
    );
    this.read();
  }

  title = () => t('title_delays');

  view(): TemplateResult {
    return html`${chartPatterns()}
      <p class="govuk-body">${t('delays_text')}</p>
      ${this.form.view(this.choices, true)}
      ${this.delay.view(
        (value) => this.shown(value),
        () => this.read(),
      )}
      ${this.performance.view(
        (value) => this.languages(value),
        () => this.read(),
      )}`;
  }

  private read(): void {
    const query = { ...this.form.range };
    void this.delay.load(async () => {
      const value = await this.app.client.call('delay', { query });
      reachedIs(value.at);
      this.learn(value.rows);
      return value;
    });
    void this.performance.load(() => this.app.client.call('performance', { query }));
  }

  /**
   * What can be chosen grows with what was seen; the contract lists neither agencies nor rules with
   * numbers.
   */
  private learn(rows: DelayRow[]): void {
    const own = this.app.session.me?.agency ?? '';
    const agencies = new Set([...this.choices.agencies, own, ...rows.map((one) => one.agency)]);
    const rules = new Map(
      [...this.choices.rules, ...rows].map((one) => [
        one.rule,
        { rule: one.rule, title: one.title },
      ]),
    );
    this.choices = {
      agencies: [...agencies].filter((one) => one !== '').sort(),
      rules: [...rules.values()].sort((a, b) => said(a.title).localeCompare(said(b.title))),
    };
  }

  private shown(value: Delay): TemplateResult {
    if (value.rows.length === 0) return emptyView(t('numbers_none'), t('numbers_none_text'));
    const { total } = value;
    return html` <p class="govuk-body">
        <b>${t('months_from_to', { from: monthText(value.from), to: monthText(value.to) })}</b>
        ${value.suppressed ? t('suppressed') : nothing}
      </p>
      <div class="dolen-figures">
        ${figure(countText(total.clocks), t('count_clocks'))}
        ${figure(countText(total.children), t('count_children'))}
        ${figure(countText(total.in_time), t('count_in_time'), 'good')}
        ${figure(countText(total.late), t('count_late'), 'late')}
        ${figure(countText(total.late_by_report), t('count_late_by_report'))}
      </div>
      ${this.whose(value)} ${this.trend(value)} ${this.byRule(value)}`;
  }

  private whose({ total }: Delay): TemplateResult {
    const own = this.form.range.agency || (this.app.session.me?.agency ?? '');
    const shares = sharesOf(total.minutes, own);
    const whole = SHARE_KINDS.reduce((sum, kind) => sum + shares[kind], 0);
    const label = (kind: ShareKind) => t(`share_${kind}`, { agency: agency(own) });
    return html`<section aria-labelledby="whose">
      <h2 class="govuk-heading-m" id="whose">${t('whose_minutes')}</h2>
      <p class="govuk-body">${t('whose_minutes_text')}</p>
      ${whole === 0
        ? html`<p class="govuk-body">${t('too_few')}</p>`
        : html`
            ${strip(
              SHARE_KINDS.map((kind) => ({ kind, value: shares[kind] })),
              whole,
            )}
            ${legend(SHARE_KINDS.map((kind) => [kind, label(kind)]))}
            ${this.shares(total.minutes, whole)}
          `}
      ${shares.hidden > 0
        ? html`<p class="govuk-hint">${t('shares_hidden', { n: shares.hidden })}</p>`
        : nothing}
      ${this.actionAgainstReporting(total)}
    </section>`;
  }

  /**
   * What came late by doing, and what by reporting; sums where they are told, means where those
   * are.
   */
  private actionAgainstReporting(total: Delay['total']): TemplateResult {
    const { minutes_late: late, minutes_reporting: reporting } = total;
    const { minutes_late_mean: lateMean, minutes_reporting_mean: reportingMean } = total;
    const sums = late !== null && reporting !== null;
    const means = typeof lateMean === 'number' || typeof reportingMean === 'number';
    return html`
      ${sums || !means
        ? html`<p class="govuk-body">
            ${t('action_against_reporting', {
              late: minutesOrHidden(late),
              reporting: minutesOrHidden(reporting),
            })}
          </p>`
        : nothing}
      ${means
        ? html`<p class="govuk-body">
            ${t('mean_action_against_reporting', {
              late: minutesOrHidden(lateMean),
              reporting: minutesOrHidden(reportingMean),
            })}
          </p>`
        : nothing}
    `;
  }

  private shares(minutes: Shares, whole: number): TemplateResult {
    const name = (one: Shares[number]) =>
      one.paused
        ? t('paused_for', { agency: agency(one.who) })
        : one.who === ''
          ? t('share_nobody')
          : t('with_agency', { agency: agency(one.who) });
    const sizes = new Map(sizesOf(minutes).map((size, place) => [minutes[place], size]));
    const shareOf = (one: Shares[number]): number | null => sizes.get(one) ?? null;
    const time: Column<Shares[number]> = {
      key: 'time',
      title: t('time'),
      numeric: true,
      by: (one) => one.minutes,
      show: (one) => minutesOrHidden(one.minutes),
    };
    const columns: Array<Column<Shares[number]>> = [
      { key: 'who', title: t('who'), by: name, show: name },
      ...(minutes.some((one) => one.minutes !== null) ? [time] : []),
      {
        key: 'share',
        title: t('share'),
        numeric: true,
        by: shareOf,
        show: (one) => percentText(shareOf(one), whole),
      },
    ];
    const caption = t('whose_minutes');
    return table({ caption, hideCaption: true, columns, rows: minutes, order: this.orders.shares });
  }

  /** Every month of the range, also those of which nothing is counted. */
  private monthRows(value: Delay): MonthRow[] {
    const known = new Map(value.by_month.map((one) => [one.month, one]));
    return monthsBetween(value.from, value.to).map(
      (month) =>
        known.get(month) ?? {
          month,
          clocks: 0,
          children: 0,
          in_time: 0,
          late: 0,
          late_by_report: 0,
        },
    );
  }

  private trend(value: Delay): TemplateResult {
    const rows = this.monthRows(value);
    const columns: Array<Column<MonthRow>> = [
      {
        key: 'month',
        title: t('month'),
        by: (one) => one.month,
        show: (one) => monthText(one.month),
      },
      countColumn('clocks', t('count_clocks'), (one) => one.clocks),
      countColumn('children', t('count_children'), (one) => one.children),
      countColumn('in_time', t('state_in_time'), (one) => one.in_time),
      countColumn('late', t('state_late'), (one) => one.late),
      countColumn('report', t('late_by_report'), (one) => one.late_by_report),
    ];
    return html` <section aria-labelledby="trend">
      <h2 class="govuk-heading-m" id="trend">${t('trend')}</h2>
      ${monthColumns(
        rows.map((one) => ({
          label: monthText(one.month, 'short'),
          parts: [
            { kind: 'in_time', value: sizeOf(one.in_time) },
            { kind: 'late', value: sizeOf(one.late) },
          ],
        })),
      )}
      ${legend([
        ['in_time', t('state_in_time')],
        ['late', t('state_late')],
      ])}
      ${rows.some((one) => typeof one.in_time !== 'number' || typeof one.late !== 'number')
        ? html`<p class="govuk-hint">${t('trend_hidden')}</p>`
        : nothing}
      <details class="govuk-details">
        <summary class="govuk-details__summary">
          <span class="govuk-details__summary-text">${t('as_table')}</span>
        </summary>
        <div class="govuk-details__text">
          ${table({
            caption: t('trend'),
            hideCaption: true,
            columns,
            rows,
            order: this.orders.months,
          })}
        </div>
      </details>
    </section>`;
  }

  private byRule(value: Delay): TemplateResult {
    // Where sums are kept back, what one deadline took on average is told.
    const late = (one: DelayRow): number | null =>
      value.suppressed ? (one.minutes_late_mean ?? null) : one.minutes_late;
    const reporting = (one: DelayRow): number | null =>
      value.suppressed ? (one.minutes_reporting_mean ?? null) : one.minutes_reporting;
    const columns: Array<Column<DelayRow>> = [
      {
        key: 'rule',
        title: t('step'),
        by: (one) => said(one.title),
        show: (one) =>
          html`${said(one.title)}
            <span class="dolen-exact">${one.rule} · ${agency(one.agency)}</span>`,
      },
      {
        key: 'month',
        title: t('month'),
        by: (one) => one.month,
        show: (one) => monthText(one.month, 'short'),
      },
      countColumn('clocks', t('count_clocks'), (one) => one.clocks),
      countColumn('children', t('count_children'), (one) => one.children),
      inTimeColumn(),
      countColumn('late', t('state_late'), (one) => one.late),
      {
        key: 'minutes',
        title: value.suppressed ? t('mean_time_late') : t('time_late'),
        numeric: true,
        by: late,
        show: (one) => minutesOrHidden(late(one)),
      },
      {
        key: 'reporting',
        title: value.suppressed ? t('mean_time_reporting') : t('time_reporting'),
        numeric: true,
        by: reporting,
        show: (one) => minutesOrHidden(reporting(one)),
      },
    ];
    return html` <section aria-labelledby="by-rule">
      <h2 class="govuk-heading-m" id="by-rule">${t('by_step')}</h2>
      ${sumsTable(
        t('by_step'),
        t('step'),
        (one) => said(one.title),
        value.by_rule,
        this.orders.steps,
      )}
      <details class="govuk-details">
        <summary class="govuk-details__summary">
          <span class="govuk-details__summary-text">${t('every_month')}</span>
        </summary>
        <div class="govuk-details__text">
          ${table({
            caption: t('every_month'),
            hideCaption: true,
            columns,
            rows: value.rows,
            order: this.orders.rules,
          })}
        </div>
      </details>
      ${saveTable(this.app, 'delay', { ...this.form.range })}
    </section>`;
  }

  private languages(value: Performance): TemplateResult {
    const columns: Array<Column<PerformanceRow>> = [
      {
        key: 'language',
        title: t('family_language'),
        by: (one) => languageName(one.language),
        show: (one) => languageName(one.language),
      },
      {
        key: 'rule',
        title: t('step'),
        by: (one) => said(one.title),
        show: (one) =>
          html`${said(one.title)} <span class="dolen-exact">${agency(one.agency)}</span>`,
      },
      {
        key: 'month',
        title: t('month'),
        by: (one) => one.month,
        show: (one) => monthText(one.month, 'short'),
      },
      countColumn('clocks', t('count_clocks'), (one) => one.clocks),
      countColumn('children', t('count_children'), (one) => one.children),
      inTimeColumn(),
      countColumn('excused', t('state_excused'), (one) => one.excused),
    ];
    return html` <section aria-labelledby="languages">
      <h2 class="govuk-heading-m" id="languages">${t('by_language')}</h2>
      <p class="govuk-body">${t('by_language_text')}</p>
      ${value.rows.length === 0
        ? emptyView(t('numbers_none'))
        : html` ${sumsTable(
              t('by_language'),
              t('family_language'),
              (one) => languageName(one.language),
              value.by_language,
              this.orders.families,
            )}
            <details class="govuk-details">
              <summary class="govuk-details__summary">
                <span class="govuk-details__summary-text">${t('every_month_language')}</span>
              </summary>
              <div class="govuk-details__text">
                ${table({
                  caption: t('every_month_language'),
                  hideCaption: true,
                  columns,
                  rows: value.rows,
                  order: this.orders.languages,
                })}
              </div>
            </details>
            ${saveTable(this.app, 'performance', { ...this.form.range })}`}
    </section>`;
  }
}

export const delaysPage = (app: App): Page => new DelaysPage(app);
