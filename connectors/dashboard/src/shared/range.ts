// The choice of agency, rule and months that the pages of numbers share.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App } from '../app';
import { said, t } from '../words';
import { agency } from './parts';

export interface Range {
  agency: string;
  rule: string;
  from: string;
  to: string;
}
export interface RangeChoices {
  agencies: string[];
  rules: Array<{ rule: string; title: { en: string; cy: string } }>;
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

export class RangeForm {
  private wrong = false;

  constructor(
    private readonly app: App,
    readonly range: Range,
    private readonly changed: () => void,
  ) {}

  view(choices: RangeChoices, withRule: boolean): TemplateResult {
    const { range } = this;
    return html` <form
      class="dolen-filter dolen-no-print"
      novalidate
      @submit=${(event: Event) => this.submit(event)}
    >
      <div>
        <label class="govuk-label" for="range-agency">${t('agency')}</label>
        <select
          class="govuk-select"
          id="range-agency"
          @change=${(event: Event) => {
            range.agency = (event.target as HTMLSelectElement).value;
            this.changed();
          }}
        >
          <option value="" ?selected=${range.agency === ''}>${t('all_agencies')}</option>
          ${choices.agencies.map(
            (one) =>
              html`<option value=${one} ?selected=${one === range.agency}>${agency(one)}</option>`,
          )}
        </select>
      </div>
      ${withRule
        ? html`<div>
            <label class="govuk-label" for="range-rule">${t('rule')}</label>
            <select
              class="govuk-select"
              id="range-rule"
              @change=${(event: Event) => {
                range.rule = (event.target as HTMLSelectElement).value;
                this.changed();
              }}
            >
              <option value="" ?selected=${range.rule === ''}>${t('all_rules')}</option>
              ${choices.rules.map(
                (one) =>
                  html`<option value=${one.rule} ?selected=${one.rule === range.rule}>
                    ${said(one.title)}
                  </option>`,
              )}
            </select>
          </div>`
        : nothing}
      ${this.month('from', t('from_month'))} ${this.month('to', t('to_month'))}
      <button class="govuk-button dolen-button-small">${t('show')}</button>
      ${this.wrong
        ? html`<p class="govuk-error-message dolen-filter__error" role="alert">
            ${t('month_wrong')}
          </p>`
        : nothing}
    </form>`;
  }

  private month(key: 'from' | 'to', label: string): TemplateResult {
    return html`<div>
      <label class="govuk-label" for=${`range-${key}`}>${label}</label>
      <input
        class="govuk-input dolen-month"
        type="month"
        id=${`range-${key}`}
        placeholder="2026-01"
        autocomplete="off"
        .value=${this.range[key]}
        @input=${(event: Event) => {
          this.range[key] = (event.target as HTMLInputElement).value.trim();
        }}
      />
    </div>`;
  }

  private submit(event: Event): void {
    event.preventDefault();
    const { from, to } = this.range;
    this.wrong =
      [from, to].some((one) => one !== '' && !MONTH.test(one)) ||
      (from !== '' && to !== '' && from > to);
    if (this.wrong) this.app.focus('#range-from');
    else this.changed();
  }
}

/** Boards look across agencies; all others at their own first. */
export function firstAgency(app: App): string {
  const { me } = app.session;
  return me && !me.roles.includes('board_analyst') ? me.agency : '';
}
