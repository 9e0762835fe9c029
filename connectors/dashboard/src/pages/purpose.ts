// Why one reads: asked once for each session, on record with every read, and changed from the
// header.
import { html, type TemplateResult } from 'lit-html';
import type { App, Page } from '../app';
import { pathTo } from '../router';
import type { Purpose } from '../session';
import { t, type Key } from '../words';

class PurposePage implements Page {
  private chosen: Purpose | null;
  private missing = false;

  constructor(private readonly app: App) {
    this.chosen = app.session.purpose;
  }

  title = () => t('title_purpose');

  view(): TemplateResult {
    return html` <form novalidate @submit=${(event: Event) => this.submit(event)}>
      ${this.missing
        ? html`<div class="govuk-error-summary" role="alert" tabindex="-1">
            <h2 class="govuk-error-summary__title">${t('error_title')}</h2>
            <ul class="govuk-list govuk-error-summary__list">
              <li>
                <a href="#purpose-0" @click=${(event: Event) => this.toFirst(event)}
                  >${t('purpose_missing')}</a
                >
              </li>
            </ul>
          </div>`
        : ''}
      <fieldset class="govuk-fieldset" aria-describedby="purpose-hint">
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">
          ${t('purpose_question')}
        </legend>
        <p class="govuk-hint" id="purpose-hint">${t('purpose_hint')}</p>
        <div class="govuk-radios">
          ${this.app.session.choices().map((one, place) => this.choice(one, place))}
        </div>
      </fieldset>
      <button class="govuk-button dolen-after">${t('go_on')}</button>
    </form>`;
  }

  private choice(one: Purpose, place: number): TemplateResult {
    return html` <div class="govuk-radios__item">
      <input
        class="govuk-radios__input"
        type="radio"
        name="purpose"
        id=${`purpose-${place}`}
        value=${one}
        aria-describedby=${`purpose-hint-${place}`}
        .checked=${this.chosen === one}
        @change=${() => {
          this.chosen = one;
        }}
      />
      <label class="govuk-label govuk-radios__label" for=${`purpose-${place}`}
        >${t(`purpose_${one}`)}</label
      >
      <div class="govuk-hint govuk-radios__hint" id=${`purpose-hint-${place}`}>
        ${t(`purpose_${one}_hint` as Key)}
      </div>
    </div>`;
  }

  private toFirst(event: Event): void {
    event.preventDefault();
    this.app.focus('#purpose-0');
  }

  private submit(event: Event): void {
    event.preventDefault();
    this.missing = this.chosen === null;
    if (this.chosen === null) return this.app.focus('.govuk-error-summary');
    this.app.session.choosePurpose(this.chosen);
    this.app.go(this.app.session.takeReturn() ?? pathTo('now'));
  }
}

export const purposePage = (app: App): Page => new PurposePage(app);
