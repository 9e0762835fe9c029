// Breaking the glass for a child whose page a reader may not open: with a reason, for an hour, on
// record.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App, Page } from '../app';
import { Failure } from '../client';
import { pathTo } from '../router';
import { failureView } from '../shared/loading';
import { childShort } from '../shared/parts';
import { t } from '../words';

const SHORTEST = 10;
const LONGEST = 500;

class EmergencyPage implements Page {
  private readonly child: string;
  private reason = '';
  private short = false;
  private failure: Failure | null = null;

  constructor(private readonly app: App) {
    this.child = app.route.arguments[0] ?? '';
  }

  title = () => t('title_emergency');

  view(): TemplateResult {
    if (!this.app.session.mayBreakGlass()) return failureView(new Failure('forbidden'));
    return html` <form novalidate @submit=${(event: Event) => this.submit(event)}>
      ${this.short
        ? html`<div class="govuk-error-summary" role="alert" tabindex="-1">
            <h2 class="govuk-error-summary__title">${t('error_title')}</h2>
            <ul class="govuk-list govuk-error-summary__list">
              <li>
                <a
                  href="#reason"
                  @click=${(event: Event) => {
                    event.preventDefault();
                    this.app.focus('#reason');
                  }}
                >
                  ${t('emergency_reason_short')}</a
                >
              </li>
            </ul>
          </div>`
        : nothing}
      ${this.failure ? failureView(this.failure) : nothing}
      <p class="govuk-body"><b>${t('child_short', { key: childShort(this.child) })}</b></p>
      <p class="govuk-body">${t('emergency_text')}</p>
      <div class="govuk-form-group">
        <label class="govuk-label govuk-label--m" for="reason">${t('emergency_reason')}</label>
        <div class="govuk-hint" id="reason-hint">${t('emergency_reason_hint')}</div>
        <textarea
          class="govuk-textarea"
          id="reason"
          rows="4"
          maxlength=${LONGEST}
          aria-describedby="reason-hint"
          @input=${(event: Event) => {
            this.reason = (event.target as HTMLTextAreaElement).value;
          }}
        ></textarea>
      </div>
      <button class="govuk-button govuk-button--warning">${t('emergency_open_record')}</button>
    </form>`;
  }

  private submit(event: Event): void {
    event.preventDefault();
    this.short = this.reason.trim().length < SHORTEST;
    if (this.short) return this.app.focus('.govuk-error-summary');
    void this.send();
  }

  private async send(): Promise<void> {
    try {
      const granted = await this.app.client.call('emergency', {
        body: { child: this.child, reason: this.reason.trim() },
        purpose: 'emergency',
      });
      this.app.session.emergencyGranted(granted.child, granted.until);
      this.app.go(pathTo('child', granted.child));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.failure = error;
      this.app.redraw();
    }
  }
}

export const emergencyPage = (app: App): Page => new EmergencyPage(app);
