// A page fit to share with the family: the child's own words, what goes well, what comes next and
// who does it, and what happened. No codes, no free text of staff, no alerts, nobody blamed. Who
// shares it chooses line by line what is on it; kinds that could tell who reported, or of an
// enquiry, are left out until chosen.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App, Page } from '../app';
import type { ClockLine, EventLine, Timeline } from '../contract';
import { dayOfMoment, dayText, dueText } from '../dates';
import { now } from '../now';
import { childNavigation, readTimeline } from '../shared/child_frame';
import { Loading } from '../shared/loading';
import { agency, eventText, partText } from '../shared/parts';
import {
  fitsFamily,
  goodSteps,
  isStrength,
  isVoice,
  openClocks,
  strengths,
  tellsOfMatter,
  voices,
} from '../shared/story';
import { saidText } from '../shared/story_view';
import { said, t } from '../words';

interface Line {
  key: string;
  shown: boolean;
  text: string;
  content: TemplateResult | string;
}

class FamilyPage implements Page {
  private readonly child: string;
  private readonly loading: Loading<Timeline>;
  /** What was chosen otherwise than by the page itself. */
  private readonly chosen = new Map<string, boolean>();

  constructor(private readonly app: App) {
    this.child = app.route.arguments[0] ?? '';
    this.loading = new Loading(app);
    this.read();
  }

  title = () => t('title_family');

  view(): TemplateResult {
    return this.loading.view(
      (timeline) => this.shown(timeline),
      () => this.read(),
    );
  }

  private read(): void {
    void this.loading.load(() => readTimeline(this.app, this.child, { asOf: '', knownAt: '' }));
  }

  private shown(timeline: Timeline): TemplateResult {
    return html` <div class="dolen-no-print">
        ${childNavigation(this.child, 'family')}
        <p class="govuk-inset-text">${t('family_check')}</p>
      </div>
      <article class="dolen-family">
        <p class="govuk-body-l">
          ${timeline.name === ''
            ? t('family_intro')
            : t('family_intro_name', { name: timeline.name })}
        </p>
        ${this.section(
          t('family_voice'),
          voices(timeline).map((one) => this.voice(one)),
          t('family_voice_none'),
        )}
        ${this.section(t('going_well'), this.goodLines(timeline), '')}
        ${this.section(
          t('family_next'),
          openClocks(timeline).map((one) => this.step(one, timeline)),
          t('family_next_none'),
        )}
        ${this.who(timeline)}
        ${this.section(
          t('family_happened'),
          timeline.events
            .filter((one) => !isVoice(one) && !isStrength(one))
            .map((one) => this.event(one)),
          '',
        )}
        <p class="govuk-body">${t('family_rights')}</p>
        <p class="dolen-exact">
          ${t('family_date', { day: dayText(dayOfMoment(now().toISOString())) })}
        </p>
      </article>
      <button type="button" class="govuk-button dolen-no-print" @click=${() => window.print()}>
        ${t('print')}
      </button>`;
  }

  /** A part of the page; it is not printed where nothing of it was chosen. */
  private section(title: string, lines: Line[], none: string): TemplateResult | typeof nothing {
    if (lines.length === 0 && none === '') return nothing;
    const any = lines.length === 0 || lines.some((one) => this.isShown(one));
    return html`<section class=${any ? '' : 'dolen-no-print'}>
      <h2 class="govuk-heading-m">${title}</h2>
      ${lines.length === 0
        ? html`<p class="govuk-body">${none}</p>`
        : html`<ul class="dolen-chosen">
            ${lines.map((line) => this.line(line))}
          </ul>`}
    </section>`;
  }

  private isShown = (line: Line): boolean => this.chosen.get(line.key) ?? line.shown;

  private line(line: Line): TemplateResult {
    const shown = this.isShown(line);
    const id = `choose-${line.key}`;
    return html` <li class="dolen-check ${shown ? '' : 'dolen-chosen__out dolen-no-print'}">
      <div class="govuk-checkboxes govuk-checkboxes--small dolen-no-print">
        <div class="govuk-checkboxes__item">
          <input
            class="govuk-checkboxes__input"
            type="checkbox"
            id=${id}
            .checked=${shown}
            @change=${(event: Event) => {
              this.chosen.set(line.key, (event.target as HTMLInputElement).checked);
              this.app.redraw();
            }}
          />
          <label class="govuk-label govuk-checkboxes__label" for=${id}>
            <span class="govuk-visually-hidden"
              >${t('family_show', { what: line.text })}</span
            ></label
          >
        </div>
      </div>
      <div class="dolen-chosen__text">
        ${line.content}
        ${shown ? nothing : html`<span class="dolen-exact">${t('family_left_out')}</span>`}
      </div>
    </li>`;
  }

  private voice(event: EventLine): Line {
    return {
      key: `${event.agency}-${event.event_id}-voice`,
      shown: true,
      text: saidText(event),
      content: html` <figure class="dolen-quote">
        <blockquote>${saidText(event)}</blockquote>
        <figcaption>${dayText(dayOfMoment(event.occurred))}</figcaption>
      </figure>`,
    };
  }

  private goodLines(timeline: Timeline): Line[] {
    const line = (event: EventLine, text: string): Line => ({
      key: `${event.agency}-${event.event_id}-good`,
      shown: true,
      text,
      content: text,
    });
    return [
      ...strengths(timeline).map((one) => line(one, saidText(one))),
      ...goodSteps(timeline).map((one) => line(one, eventText(one.event))),
    ];
  }

  private step(clock: ClockLine, timeline: Timeline): Line {
    const isLate = clock.due !== null && Date.parse(clock.due) <= now().getTime();
    return {
      key: `${clock.clock}-step`,
      shown: tellsOfMatter(timeline, clock.matter),
      text: said(clock.title),
      content: html` <b>${said(clock.title)}</b>:
        ${agency(clock.accountable)}${clock.due === null
          ? ''
          : isLate
            ? `. ${t('family_longer')}.`
            : `, ${dueText(clock.due)}`}`,
    };
  }

  private event(event: EventLine): Line {
    const day = dayText(dayOfMoment(event.occurred));
    return {
      key: `${event.agency}-${event.event_id}`,
      shown: fitsFamily(event),
      text: `${day} ${eventText(event.event)}`,
      content: html` <b>${day}</b> ${eventText(event.event)}
        <span class="dolen-exact"
          >${agency(event.agency)}${event.to_agency === ''
            ? ''
            : `, ${t('to')} ${agency(event.to_agency)}`}</span
        >`,
    };
  }

  private who(timeline: Timeline): TemplateResult {
    return html`<h2 class="govuk-heading-m">${t('family_who')}</h2>
      ${timeline.holders.length === 0
        ? html`<p class="govuk-body">${t('family_who_nobody')}</p>`
        : html`<ul class="govuk-list govuk-list--bullet">
            ${timeline.holders.map(
              (one) =>
                html` <li>
                  <b>${agency(one.agency)}</b>${one.part === '' ? '' : `: ${partText(one.part)}`}
                </li>`,
            )}
          </ul>`}`;
  }
}

export const familyPage = (app: App): Page => new FamilyPage(app);
