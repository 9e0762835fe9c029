// What if: shows what `dolen simulate` found for a draft book. The file is read in the browser and
// goes nowhere.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App, Page } from '../app';
import { dueText, minutesText, momentText, numberText } from '../dates';
import { emptyView } from '../shared/loading';
import { agency, figure } from '../shared/parts';
import { table, TableOrder, type Column } from '../shared/table';
import { coded, t } from '../words';
import {
  LARGEST_BYTES,
  readWhatIf,
  type ClockDifference,
  type FileFault,
  type Group,
  type Standing,
  type WhatIf,
} from '../what_if_file';
import { rulesNavigation } from './rules';

interface Row {
  name: string;
  group: Group;
}

class WhatIfPage implements Page {
  private found: WhatIf | null = null;
  private fault: FileFault | null = null;
  private fileName = '';
  private readonly orders: Record<'rules' | 'agencies' | 'clocks', TableOrder>;

  constructor(private readonly app: App) {
    const order = () =>
      new TableOrder((text) => {
        app.tell(text);
        app.redraw();
      });
    this.orders = { rules: order(), agencies: order(), clocks: order() };
  }

  title = () => t('title_what_if');

  view(): TemplateResult {
    return html`${rulesNavigation('what_if')}
      <p class="govuk-body">${t('what_if_text')}</p>
      <pre
        class="dolen-command"
      ><code>dolen simulate --book=draft.textproto --format=json &gt; what-if.json</code></pre>
      <div class="govuk-form-group">
        <label class="govuk-label" for="file">${t('what_if_file')}</label>
        <div class="govuk-hint" id="file-hint">${t('what_if_hint')}</div>
        ${this.fault
          ? html`<p class="govuk-error-message" role="alert">${t(`what_if_${this.fault}`)}</p>`
          : nothing}
        <input
          class="govuk-file-upload"
          type="file"
          id="file"
          accept=".json,.jsonl,application/json"
          aria-describedby="file-hint"
          @change=${(event: Event) => void this.choose(event)}
        />
      </div>
      ${this.found ? this.shown(this.found) : nothing}`;
  }

  private async choose(event: Event): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (!file) return;
    this.found = null;
    this.fileName = file.name;
    const read =
      file.size > LARGEST_BYTES
        ? 'too_large'
        : await file.text().then(readWhatIf, (): FileFault => 'unreadable');
    this.fault = typeof read === 'string' ? read : null;
    this.found = typeof read === 'string' ? null : read;
    if (this.found) this.app.focus('#what-if-result');
    this.app.redraw();
  }

  private shown({ summary, clocks }: WhatIf): TemplateResult {
    const { children } = summary;
    const drafts = summary.drafts.map((one) => `${one.book} ${one.version}`).join(', ');
    return html` <section aria-labelledby="what-if-result">
      <h2 class="govuk-heading-m" id="what-if-result" tabindex="-1">
        ${t('what_if_result', { drafts })}
      </h2>
      <p class="govuk-body">
        ${t('what_if_of', {
          events: numberText(summary.events),
          time: momentText(summary.at),
          file: this.fileName,
        })}
      </p>
      <div class="dolen-figures">
        ${figure(
          numberText(children.changed),
          t('what_if_changed', { all: numberText(children.all) }),
        )}
        ${figure(`${children.late_before} → ${children.late_after}`, t('what_if_late'))}
        ${figure(
          numberText(children.newly_late),
          t('what_if_newly'),
          children.newly_late > 0 ? 'late' : '',
        )}
        ${figure(
          numberText(children.no_longer_late),
          t('what_if_no_longer'),
          children.no_longer_late > 0 ? 'good' : '',
        )}
      </div>
      ${this.groups(t('by_step'), t('rule'), summary.rules, 'rules', (name) => name)}
      ${this.groups(t('by_agency'), t('agency'), summary.agencies, 'agencies', agency)}
      ${this.clocks(clocks)}
    </section>`;
  }

  private groups(
    title: string,
    first: string,
    groups: Record<string, Group>,
    order: 'rules' | 'agencies',
    name: (id: string) => string,
  ): TemplateResult {
    const rows: Row[] = Object.entries(groups).map(([key, group]) => ({ name: key, group }));
    const state = (key: string): Column<Row> => ({
      key,
      title: coded('state', key),
      numeric: true,
      by: (row) => (row.group.states[key]?.after ?? 0) - (row.group.states[key]?.before ?? 0),
      show: (row) =>
        this.change(row.group.states[key]?.before ?? 0, row.group.states[key]?.after ?? 0),
    });
    const columns: Array<Column<Row>> = [
      { key: 'name', title: first, by: (row) => name(row.name), show: (row) => name(row.name) },
      {
        key: 'clocks',
        title: t('count_clocks'),
        numeric: true,
        by: (row) => row.group.clocks.after,
        show: (row) => this.change(row.group.clocks.before, row.group.clocks.after),
      },
      state('in_time'),
      state('late'),
      state('overdue'),
      state('running'),
      {
        key: 'changed',
        title: t('what_if_changed_clocks'),
        numeric: true,
        by: (row) => row.group.changed.clocks,
        show: (row) => numberText(row.group.changed.clocks),
      },
      {
        key: 'children',
        title: t('count_children'),
        numeric: true,
        by: (row) => row.group.changed.children,
        show: (row) => numberText(row.group.changed.children),
      },
      {
        key: 'more',
        title: t('what_if_more_late'),
        numeric: true,
        by: (row) => row.group.late_minutes.more,
        show: (row) => minutesText(row.group.late_minutes.more),
      },
    ];
    return html`<h3 class="govuk-heading-s">${title}</h3>
      ${rows.length === 0
        ? emptyView(t('nothing_changed'))
        : table({ caption: title, hideCaption: true, columns, rows, order: this.orders[order] })}`;
  }

  private change(before: number, after: number): TemplateResult | string {
    return before === after
      ? numberText(after)
      : html`<b
          >${numberText(before)} <span aria-hidden="true">→</span
          ><span class="govuk-visually-hidden">${t('becomes')}</span> ${numberText(after)}</b
        >`;
  }

  private clocks(clocks: ClockDifference[]): TemplateResult | typeof nothing {
    if (clocks.length === 0) return nothing;
    const standing = (one: Standing | null): TemplateResult | string =>
      one === null
        ? t('absent')
        : html` ${coded('state', one.state)}<span class="dolen-exact"
              >${one.due === null ? t('no_due') : dueText(one.due)}</span
            >`;
    const columns: Array<Column<ClockDifference>> = [
      { key: 'rule', title: t('rule'), by: (one) => one.rule, show: (one) => one.rule },
      {
        key: 'child',
        title: t('child'),
        by: (one) => one.child,
        show: (one) => t('child_short', { key: one.child }),
      },
      {
        key: 'before',
        title: t('before'),
        by: (one) => one.before?.state ?? '',
        show: (one) => standing(one.before),
      },
      {
        key: 'after',
        title: t('after'),
        by: (one) => one.after?.state ?? '',
        show: (one) => standing(one.after),
      },
    ];
    return html`<h3 class="govuk-heading-s">${t('what_if_listed')}</h3>
      ${table({
        caption: t('what_if_listed'),
        hideCaption: true,
        columns,
        rows: clocks,
        order: this.orders.clocks,
      })}`;
  }
}

export const whatIfPage = (app: App): Page => new WhatIfPage(app);
