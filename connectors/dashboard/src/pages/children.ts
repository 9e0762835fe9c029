// Finding one child by an identifier. The identifier goes in the body of a request, never in an
// address. Unknown and not to be known look the same; who must act at once can go on with a reason
// on record.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App, Page } from '../app';
import { Failure } from '../client';
import { pathTo } from '../router';
import { failureView } from '../shared/loading';
import { coded, t } from '../words';
import { agency } from '../shared/parts';

const EMERGENCY_SHORTEST = 10;
const EMERGENCY_LONGEST = 500;

class ChildrenPage implements Page {
  private issuer = 'nhs';
  private value = '';
  private reason = '';
  private error: { field: string; text: string } | null = null;
  private notFound = false;
  private failure: Failure | null = null;
  private busy = false;

  constructor(private readonly app: App) {}

  title = () => t('title_children');

  view(): TemplateResult {
    return html` <form
        class="dolen-find"
        novalidate
        @submit=${(event: Event) => this.submit(event)}
      >
        ${this.error
          ? html`<div class="govuk-error-summary" role="alert" tabindex="-1">
              <h2 class="govuk-error-summary__title">${t('error_title')}</h2>
              <ul class="govuk-list govuk-error-summary__list">
                <li>
                  <a
                    href=${`#${this.error.field}`}
                    @click=${(event: Event) => {
                      event.preventDefault();
                      this.app.focus(`#${this.error?.field}`);
                    }}
                  >
                    ${this.error.text}</a
                  >
                </li>
              </ul>
            </div>`
          : nothing}
        <div class="govuk-form-group">
          <label class="govuk-label" for="issuer">${t('which_number')}</label>
          <select
            class="govuk-select"
            id="issuer"
            @change=${(event: Event) => {
              this.issuer = (event.target as HTMLSelectElement).value;
            }}
          >
            ${this.issuers().map(
              ([id, name]) =>
                html`<option value=${id} ?selected=${id === this.issuer}>${name}</option>`,
            )}
          </select>
        </div>
        <div class="govuk-form-group">
          <label class="govuk-label" for="value">${t('number')}</label>
          <div class="govuk-hint" id="value-hint">${t('number_hint')}</div>
          <input
            class="govuk-input govuk-input--width-20"
            id="value"
            autocomplete="off"
            spellcheck="false"
            maxlength="64"
            aria-describedby="value-hint"
            .value=${this.value}
            @input=${(event: Event) => {
              this.value = (event.target as HTMLInputElement).value;
            }}
          />
        </div>
        <button class="govuk-button" ?disabled=${this.busy}>${t('find')}</button>
      </form>
      ${this.failure ? failureView(this.failure) : nothing}
      ${this.notFound ? this.nobody() : nothing}`;
  }

  private issuers(): Array<[string, string]> {
    const own = this.app.session.me?.agency ?? '';
    return [
      ...['nhs', 'upn', 'chi'].map((id): [string, string] => [id, coded('issuer', id)]),
      [own, t('own_number', { agency: agency(own) })],
    ];
  }

  private nobody(): TemplateResult {
    return html` <div class="dolen-notice" role="alert" data-failure="not_found">
        <h2 class="govuk-heading-m">${t('child_not_found')}</h2>
        <p class="govuk-body">${t('child_not_found_text')}</p>
      </div>
      ${this.app.session.mayBreakGlass()
        ? html` <details class="govuk-details">
            <summary class="govuk-details__summary">
              <span class="govuk-details__summary-text">${t('emergency_if')}</span>
            </summary>
            <div class="govuk-details__text">${this.emergency()}</div>
          </details>`
        : nothing}`;
  }

  private emergency(): TemplateResult {
    return html` <form novalidate @submit=${(event: Event) => this.breakGlass(event)}>
      <p class="govuk-body">${t('emergency_text')}</p>
      <div class="govuk-form-group">
        <label class="govuk-label" for="reason">${t('emergency_reason')}</label>
        <textarea
          class="govuk-textarea"
          id="reason"
          rows="3"
          maxlength=${EMERGENCY_LONGEST}
          .value=${this.reason}
          @input=${(event: Event) => {
            this.reason = (event.target as HTMLTextAreaElement).value;
          }}
        ></textarea>
      </div>
      <button class="govuk-button govuk-button--warning" ?disabled=${this.busy}>
        ${t('emergency_open_record')}
      </button>
    </form>`;
  }

  private submit(event: Event): void {
    event.preventDefault();
    this.notFound = false;
    this.failure = null;
    this.error = this.value.trim() === '' ? { field: 'value', text: t('number_missing') } : null;
    if (this.error) return this.app.focus('.govuk-error-summary');
    void this.asking(async () => {
      const found = await this.app.client.call('findChild', { body: this.asked() });
      this.app.go(pathTo('child', found.child));
    });
  }

  private breakGlass(event: Event): void {
    event.preventDefault();
    this.error =
      this.reason.trim().length < EMERGENCY_SHORTEST
        ? { field: 'reason', text: t('emergency_reason_short') }
        : null;
    if (this.error) return this.app.focus('.govuk-error-summary');
    void this.asking(async () => {
      const body = { ...this.asked(), reason: this.reason.trim() };
      const granted = await this.app.client.call('emergency', { body, purpose: 'emergency' });
      this.app.session.emergencyGranted(granted.child, granted.until);
      this.app.go(pathTo('child', granted.child));
    });
  }

  private asked = () => ({ issuer: this.issuer, value: this.value.replace(/\s+/g, '') });

  private async asking(what: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.app.redraw();
    try {
      await what();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.kind === 'not_found') this.notFound = true;
      else this.failure = error;
    } finally {
      this.busy = false;
      this.app.redraw();
    }
  }
}

export const childrenPage = (app: App): Page => new ChildrenPage(app);
