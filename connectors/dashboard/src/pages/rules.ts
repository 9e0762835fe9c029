// The rules in force, explained so that people who write no programs can judge them, with their
// sources, and the books that were published.
import { html, type TemplateResult } from 'lit-html';
import type { App, Page } from '../app';
import type { Rules } from '../contract';
import { dayNumber, dayText, momentText } from '../dates';
import { pathTo } from '../router';
import { emptyView, Loading } from '../shared/loading';
import { agency, subNavigation, weightText } from '../shared/parts';
import { said, t } from '../words';

type Rule = Rules['rules'][number];

export const rulesNavigation = (here: 'rules' | 'what_if'): TemplateResult =>
  subNavigation(t('title_rules'), [
    [pathTo('rules'), t('rules_in_force'), here === 'rules'],
    [pathTo('what_if'), t('title_what_if'), here === 'what_if'],
  ]);

class RulesPage implements Page {
  private readonly loading: Loading<Rules>;
  private wanted = '';

  constructor(private readonly app: App) {
    this.loading = new Loading(app);
    this.read();
  }

  title = () => t('title_rules');

  view(): TemplateResult {
    return html`${rulesNavigation('rules')}${this.loading.view(
      (value) => this.shown(value),
      () => this.read(),
    )}`;
  }

  private read(): void {
    void this.loading.load(() => this.app.client.call('rules', {}));
  }

  private shown(value: Rules): TemplateResult {
    if (value.rules.length === 0) return emptyView(t('rules_none'), t('rules_none_text'));
    const rules = value.rules.filter((rule) => this.isWanted(rule));
    return html` <p class="govuk-body">${t('rules_text')}</p>
      <div class="dolen-filter" role="search">
        <div>
          <label class="govuk-label" for="rule-filter">${t('filter_rules')}</label>
          <input
            class="govuk-input"
            id="rule-filter"
            type="search"
            autocomplete="off"
            spellcheck="false"
            @input=${(event: Event) => {
              this.wanted = (event.target as HTMLInputElement).value.trim().toLowerCase();
              this.app.redraw();
            }}
          />
        </div>
        <p class="dolen-filter__count" role="status">${t('rules_count', { n: rules.length })}</p>
      </div>
      <ul class="dolen-rules">
        ${rules.map((rule) => this.rule(rule))}
      </ul>
      <h2 class="govuk-heading-m">${t('books')}</h2>
      <ol class="dolen-plain">
        ${[...value.books].reverse().map(
          (book) =>
            html` <li>
              <b>${book.book} ${book.version}</b> ${t('book_of_rules', { n: book.rules })}
              <span class="dolen-exact">${t('published')} ${momentText(book.published)}</span>
            </li>`,
        )}
      </ol>`;
  }

  private isWanted(rule: Rule): boolean {
    if (this.wanted === '') return true;
    return [rule.rule, said(rule.title), rule.source, said(rule.explained)].some((one) =>
      one.toLowerCase().includes(this.wanted),
    );
  }

  private rule(rule: Rule): TemplateResult {
    return html` <li class="dolen-rule" data-rule=${rule.rule}>
      <h2 class="dolen-rule__title">${said(rule.title)}</h2>
      <p class="dolen-exact">
        ${rule.rule} · ${weightText(rule.weight)} ·
        ${t('who_acts', { agency: agency(rule.accountable) })}
      </p>
      <details class="dolen-why">
        <summary>
          ${t('explained')}<span class="govuk-visually-hidden">: ${said(rule.title)}</span>
        </summary>
        <ul class="govuk-list dolen-explained">
          ${said(rule.explained)
            .split('\n')
            .filter((line) => line.trim() !== '')
            .map((line) => html`<li>${line}</li>`)}
        </ul>
        <dl class="dolen-facts">
          <div>
            <dt>${t('source')}</dt>
            <dd>${this.source(rule)}</dd>
          </div>
          <div>
            <dt>${t('book')}</dt>
            <dd>${t('book_version', { version: rule.book_version })}</dd>
          </div>
          <div>
            <dt>${t('holds')}</dt>
            <dd>${this.validity(rule)}</dd>
          </div>
        </dl>
      </details>
    </li>`;
  }

  /** Only an address of the web becomes a link: what a book holds is not ours. */
  private source(rule: Rule): TemplateResult {
    return /^https?:\/\//.test(rule.address)
      ? html`<a class="govuk-link" href=${rule.address} target="_blank" rel="noopener noreferrer"
          >${rule.source} <span class="govuk-visually-hidden">${t('opens_elsewhere')}</span></a
        >`
      : html`${rule.source}`;
  }

  private validity(rule: Rule): string {
    const day = (text: string) =>
      /^\d{4}-\d{2}-\d{2}$/.test(text) ? dayText(dayNumber(text)) : text;
    if (rule.valid_from === '' && rule.valid_to === '') return t('holds_always');
    return [
      rule.valid_from === '' ? '' : t('holds_from', { day: day(rule.valid_from) }),
      rule.valid_to === '' ? '' : t('holds_before', { day: day(rule.valid_to) }),
    ]
      .filter((one) => one !== '')
      .join(', ');
  }
}

export const rulesPage = (app: App): Page => new RulesPage(app);
