// What people do with alerts: acknowledge, snooze, assign, resolve, note; the form for it, and
// sending it.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App } from '../app';
import { Failure } from '../client';
import type { Deed, Done } from '../contract';
import { now } from '../now';
import { t, type Key } from '../words';

export type Did = Deed['did'];
export const DEEDS: Did[] = ['acknowledged', 'snoozed', 'assigned', 'resolved', 'noted'];

/** Hours for which an alert can be put off; longer ones are a matter for its rule. */
const SNOOZE_HOURS = [1, 4, 24, 72];
const NOTE_LONGEST = 1000;

/** Does it and says so; null: it could not be done, and that was said. */
export async function act(app: App, deed: Deed): Promise<Done | null> {
  try {
    const done = await app.client.call('alertActions', { body: deed });
    app.tell(t(`did_${deed.did}`, { n: done.alerts }));
    return done;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    app.tell(error.problem?.detail ?? t(`failure_${error.kind}` as Key));
    return null;
  }
}

/** The form of one deed for some alerts; the page shows it beside its list. */
export class DeedForm {
  did: Did | null = null;
  private note = '';
  private hours = 4;
  private to = '';
  private errors: Array<{ field: string; text: string }> = [];
  private refused = '';
  private busy = false;

  constructor(
    private readonly app: App,
    private readonly done: (done: Done, did: Did) => void,
  ) {}

  open(did: Did): void {
    this.did = did;
    this.note = '';
    this.errors = [];
    this.refused = '';
    this.app.focus('#deed-title');
  }

  close(): void {
    this.did = null;
    this.app.focus('[data-deeds] button');
  }

  view(alerts: string[]): TemplateResult | typeof nothing {
    const did = this.did;
    if (!did) return nothing;
    return html` <form
      class="dolen-deed"
      novalidate
      aria-labelledby="deed-title"
      @submit=${(event: Event) => this.submit(event, alerts)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Escape') this.close();
      }}
    >
      <h2 class="govuk-heading-m" id="deed-title" tabindex="-1">
        ${t(`deed_${did}`)}: ${t('alerts_count', { n: alerts.length })}
      </h2>
      ${this.summary()} ${did === 'snoozed' ? this.until() : nothing}
      ${did === 'assigned' ? this.whom() : nothing} ${this.noteField(did)}
      <p class="govuk-hint">${t(`deed_${did}_hint`)}</p>
      <div class="govuk-button-group">
        <button class="govuk-button" ?disabled=${this.busy}>${t(`deed_${did}`)}</button>
        <button
          type="button"
          class="govuk-button govuk-button--secondary"
          @click=${() => this.close()}
        >
          ${t('cancel')}
        </button>
      </div>
    </form>`;
  }

  private summary(): TemplateResult | typeof nothing {
    const texts =
      this.refused === ''
        ? this.errors
        : [{ field: 'deed-note', text: this.refused }, ...this.errors];
    if (texts.length === 0) return nothing;
    return html` <div class="govuk-error-summary" role="alert" tabindex="-1" id="deed-errors">
      <h3 class="govuk-error-summary__title">${t('error_title')}</h3>
      <ul class="govuk-list govuk-error-summary__list">
        ${texts.map(
          (one) =>
            html` <li>
              <a
                href=${`#${one.field}`}
                @click=${(event: Event) => {
                  event.preventDefault();
                  this.app.focus(`#${one.field}`);
                }}
                >${one.text}</a
              >
            </li>`,
        )}
      </ul>
    </div>`;
  }

  private error(field: string): TemplateResult | typeof nothing {
    const found = this.errors.find((one) => one.field === field);
    return found
      ? html`<p class="govuk-error-message" id=${`${field}-error`}>
          <span class="govuk-visually-hidden">${t('error')}:</span> ${found.text}
        </p>`
      : nothing;
  }

  private until(): TemplateResult {
    return html` <div class="govuk-form-group">
      <label class="govuk-label" for="deed-hours">${t('snooze_for')}</label>
      <select
        class="govuk-select"
        id="deed-hours"
        .value=${String(this.hours)}
        @change=${(event: Event) => {
          this.hours = Number((event.target as HTMLSelectElement).value);
        }}
      >
        ${SNOOZE_HOURS.map(
          (hours) =>
            html`<option value=${hours} ?selected=${hours === this.hours}>
              ${hours < 48 ? t('hours', { n: hours }) : t('days', { n: hours / 24 })}
            </option>`,
        )}
      </select>
    </div>`;
  }

  private whom(): TemplateResult {
    const { me } = this.app.session;
    const known = (me?.teams ?? []).map((team) => `${me?.agency}/${team}`);
    return html` <div class="govuk-form-group">
      <label class="govuk-label" for="deed-to">${t('assign_to')}</label>
      <div class="govuk-hint" id="deed-to-hint">${t('assign_to_hint')}</div>
      ${this.error('deed-to')}
      <input
        class="govuk-input"
        id="deed-to"
        list="deed-teams"
        autocomplete="off"
        spellcheck="false"
        maxlength="128"
        aria-describedby="deed-to-hint deed-to-error"
        .value=${this.to}
        @input=${(event: Event) => {
          this.to = (event.target as HTMLInputElement).value;
        }}
      />
      <datalist id="deed-teams">
        ${[me?.agency ?? '', ...known].map((one) => html`<option value=${one}></option>`)}
      </datalist>
    </div>`;
  }

  private noteField(did: Did): TemplateResult {
    return html` <div class="govuk-form-group">
      <label class="govuk-label" for="deed-note"
        >${t(this.mustSayWhy(did) ? 'note_needed' : 'note_if_any')}</label
      >
      ${this.error('deed-note')}
      <textarea
        class="govuk-textarea"
        id="deed-note"
        rows="3"
        maxlength=${NOTE_LONGEST}
        aria-describedby="deed-note-error"
        .value=${this.note}
        @input=${(event: Event) => {
          this.note = (event.target as HTMLTextAreaElement).value;
        }}
      ></textarea>
    </div>`;
  }

  private mustSayWhy = (did: Did): boolean =>
    did === 'snoozed' || did === 'resolved' || did === 'noted';

  private submit(event: Event, alerts: string[]): void {
    event.preventDefault();
    const did = this.did;
    if (!did || this.busy) return;
    this.refused = '';
    this.errors = [];
    if (did === 'assigned' && this.to.trim() === '')
      this.errors.push({ field: 'deed-to', text: t('assign_missing') });
    if (this.mustSayWhy(did) && this.note.trim() === '')
      this.errors.push({ field: 'deed-note', text: t('note_missing') });
    if (this.errors.length > 0) return this.app.focus('#deed-errors');
    void this.send(did, alerts);
  }

  private async send(did: Did, alerts: string[]): Promise<void> {
    const deed: Deed = { did, alerts };
    if (this.note.trim() !== '') deed.note = this.note.trim();
    if (did === 'assigned') deed.to = this.to.trim();
    if (did === 'snoozed')
      deed.until = new Date(now().getTime() + this.hours * 3_600_000).toISOString();
    this.busy = true;
    this.app.redraw();
    try {
      const done = await this.app.client.call('alertActions', { body: deed });
      this.did = null;
      this.app.tell(t(`did_${did}`, { n: done.alerts }));
      this.done(done, did);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.refused = error.problem?.detail ?? t(`failure_${error.kind}` as Key);
      this.app.focus('#deed-errors');
    } finally {
      this.busy = false;
      this.app.redraw();
    }
  }
}
