// The choice of a past: as of which day, by a slider or an exact date, and on what was recorded by
// which day. The page is asked again when a person stops moving, not at each step.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App } from '../app';
import { dayNumber, dayOf, dayText, isDay, type DayNumber } from '../dates';
import { t } from '../words';

const SETTLE_MS = 300;

export class AsOf {
  private from: DayNumber | null = null;
  private to: DayNumber | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly app: App,
    public asOf: string,
    public knownAt: string,
    private readonly changed: () => void,
  ) {
    if (!isDay(asOf)) this.asOf = '';
    if (!isDay(knownAt)) this.knownAt = '';
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** The days that can be chosen; an earlier answer about a past shows a shorter life. */
  spans({ from, to }: { from: DayNumber; to: DayNumber }): void {
    this.from = Math.min(
      this.from ?? from,
      from,
      ...(this.asOf === '' ? [] : [dayNumber(this.asOf)]),
    );
    this.to = Math.max(this.to ?? to, to);
    this.app.redraw();
  }

  isPast = (): boolean => this.asOf !== '' || this.knownAt !== '';

  words(): string {
    const parts = [
      this.asOf === '' ? t('as_of_now') : t('as_of_day', { day: dayText(dayNumber(this.asOf)) }),
    ];
    if (this.knownAt !== '')
      parts.push(t('known_at_day', { day: dayText(dayNumber(this.knownAt)) }));
    return parts.join('; ');
  }

  view(): TemplateResult | typeof nothing {
    if (this.from === null || this.to === null) return nothing;
    const isPast = this.isPast();
    return html` <section
      class="dolen-asof ${isPast ? 'dolen-asof--past' : ''}"
      aria-labelledby="asof-title"
    >
      <h2 class="govuk-heading-s" id="asof-title">
        ${t('as_of')}: <span data-asof>${this.words()}</span>
      </h2>
      <div class="dolen-asof__row dolen-no-print">
        ${this.slider(this.from, this.to)}
        ${this.date('asof-date', t('as_of_date'), this.asOf, (day) => this.choose(day))}
        ${isPast
          ? html`<button
              type="button"
              class="govuk-button dolen-button-small"
              data-back
              @click=${() => this.back()}
            >
              ${t('back_to_now')}
            </button>`
          : nothing}
      </div>
      <details class="dolen-why dolen-no-print" ?open=${this.knownAt !== ''}>
        <summary>${t('known_at')}</summary>
        <p class="govuk-hint">${t('known_at_text')}</p>
        ${this.date('known-date', t('known_at_date'), this.knownAt, (day) => {
          this.knownAt = day;
          this.settle();
        })}
      </details>
    </section>`;
  }

  private slider(from: DayNumber, to: DayNumber): TemplateResult {
    const at = this.asOf === '' ? to : Math.min(to, Math.max(from, dayNumber(this.asOf)));
    return html` <div class="dolen-asof__slider">
      <label class="govuk-label" for="asof-slider">${t('as_of_slide')}</label>
      <input
        type="range"
        id="asof-slider"
        min=${from}
        max=${to}
        step="1"
        .value=${String(at)}
        aria-valuetext=${this.words()}
        @input=${(event: Event) => {
          const day = Number((event.target as HTMLInputElement).value);
          this.choose(day >= to ? '' : dayOf(day));
        }}
      />
      <div class="dolen-asof__ends" aria-hidden="true">
        <span>${dayText(from, 'short')}</span><span>${dayText(to, 'short')}</span>
      </div>
    </div>`;
  }

  private date(
    id: string,
    label: string,
    value: string,
    chosen: (day: string) => void,
  ): TemplateResult {
    return html` <div class="dolen-asof__date">
      <label class="govuk-label" for=${id}>${label}</label>
      <input
        class="govuk-input"
        type="date"
        id=${id}
        max=${dayOf(this.to ?? 0)}
        .value=${value}
        @change=${(event: Event) => {
          const day = (event.target as HTMLInputElement).value;
          if (day === '' || isDay(day)) chosen(day);
        }}
      />
    </div>`;
  }

  private choose(day: string): void {
    this.asOf = day;
    this.settle();
  }

  private back(): void {
    this.asOf = '';
    this.knownAt = '';
    this.app.focus('#asof-slider');
    this.settle();
  }

  private settle(): void {
    this.stop();
    this.timer = setTimeout(() => this.changed(), SETTLE_MS);
    this.app.redraw();
  }
}
