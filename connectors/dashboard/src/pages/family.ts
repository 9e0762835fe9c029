// A page fit to share with the family: the child's own words, what goes well, what comes next and who
// does it, what happened, and who looked. No codes, no free text of staff, no alerts, nobody blamed.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App, Page } from '../app';
import type { ClockLine, Timeline } from '../contract';
import { dayOfMoment, dayText, dueText } from '../dates';
import { now } from '../now';
import { childNavigation, readTimeline } from '../shared/child_frame';
import { Loading } from '../shared/loading';
import { agency, eventText, exact, partText } from '../shared/parts';
import { goodSteps, openClocks, strengths, voices } from '../shared/story';
import { saidText } from '../shared/story_view';
import { coded, said, t } from '../words';

/** Records about records are of no use to a family. */
const LEFT_OUT = new Set(['correction', 'identity_linked', 'identity_unlinked', 'record_sealed', 'record_unsealed',
  'basis_recorded', 'clock_paused', 'clock_resumed', 'exception_authorised', 'strength_recorded', 'child_voice_recorded']);

class FamilyPage implements Page {
  private readonly child: string;
  private readonly loading: Loading<Timeline>;

  constructor(private readonly app: App) {
    this.child = app.route.arguments[0] ?? '';
    this.loading = new Loading(app);
    this.read();
  }

  title = () => t('title_family');

  view(): TemplateResult {
    return this.loading.view((timeline) => this.shown(timeline), () => this.read());
  }

  private read(): void {
    void this.loading.load(() => readTimeline(this.app, this.child, { asOf: '', knownAt: '' }));
  }

  private shown(timeline: Timeline): TemplateResult {
    return html`
      <div class="dolen-no-print">${childNavigation(this.child, 'family')}
        <p class="govuk-inset-text">${t('family_check')}</p></div>
      <article class="dolen-family">
        <p class="govuk-body-l">${timeline.name === '' ? t('family_intro')
          : t('family_intro_name', { name: timeline.name })}</p>
        ${this.said(timeline)}
        ${this.well(timeline)}
        ${this.next(timeline)}
        ${this.who(timeline)}
        ${this.happened(timeline)}
        <p class="govuk-body">${t('family_rights')}</p>
        <p class="dolen-exact">${t('family_date', { day: dayText(dayOfMoment(now().toISOString())) })}</p>
      </article>
      <button type="button" class="govuk-button dolen-no-print" @click=${() => window.print()}>${t('print')}</button>`;
  }

  private said(timeline: Timeline): TemplateResult {
    const heard = voices(timeline);
    return html`<h2 class="govuk-heading-m">${t('family_voice')}</h2>
      ${heard.length === 0 ? html`<p class="govuk-body">${t('family_voice_none')}</p>` : heard.map((event) => html`
        <figure class="dolen-quote"><blockquote>${saidText(event)}</blockquote>
          <figcaption>${exact(event.occurred.slice(0, 10))}</figcaption></figure>`)}`;
  }

  private well(timeline: Timeline): TemplateResult | typeof nothing {
    const good = [...strengths(timeline).map(saidText), ...goodSteps(timeline).map((one) => eventText(one.event))];
    if (good.length === 0) return nothing;
    return html`<h2 class="govuk-heading-m">${t('going_well')}</h2>
      <ul class="govuk-list govuk-list--bullet">${good.map((one) => html`<li>${one}</li>`)}</ul>`;
  }

  private next(timeline: Timeline): TemplateResult {
    const open = openClocks(timeline);
    return html`<h2 class="govuk-heading-m">${t('family_next')}</h2>
      ${open.length === 0 ? html`<p class="govuk-body">${t('family_next_none')}</p>`
        : html`<ul class="govuk-list govuk-list--bullet">${open.map((clock) => this.step(clock))}</ul>`}`;
  }

  private step(clock: ClockLine): TemplateResult {
    const isLate = clock.due !== null && Date.parse(clock.due) <= now().getTime();
    return html`<li><b>${said(clock.title)}</b>: ${agency(clock.accountable)}${clock.due === null ? ''
      : isLate ? `. ${t('family_longer')}` : ` ${dueText(clock.due)}`}</li>`;
  }

  private who(timeline: Timeline): TemplateResult {
    return html`<h2 class="govuk-heading-m">${t('family_who')}</h2>
      ${timeline.holders.length === 0 ? html`<p class="govuk-body">${t('family_who_nobody')}</p>`
        : html`<ul class="govuk-list govuk-list--bullet">${timeline.holders.map((one) => html`
          <li><b>${agency(one.agency)}</b>${one.part === '' ? '' : `: ${partText(one.part)}`}
            (${coded('held_by', one.by)})</li>`)}</ul>`}`;
  }

  private happened(timeline: Timeline): TemplateResult {
    const events = timeline.events.filter((one) => !LEFT_OUT.has(one.event));
    return html`<h2 class="govuk-heading-m">${t('family_happened')}</h2>
      <ul class="dolen-plain">${events.map((event) => html`<li><b>${dayText(dayOfMoment(event.occurred))}</b>
        ${eventText(event.event)} <span class="dolen-exact">${agency(event.agency)}${event.to_agency === '' ? ''
          : `, ${t('to')} ${agency(event.to_agency)}`}</span></li>`)}</ul>`;
  }
}

export const familyPage = (app: App): Page => new FamilyPage(app);
