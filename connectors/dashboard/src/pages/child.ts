// One child: the child's voice first, what goes well beside what is waiting, who holds the child,
// and the timeline of what happened and what should have; now, or as of any day. Prints as a page
// for a conference.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App, Page } from '../app';
import type { ClockLine, EventLine, Timeline } from '../contract';
import { dayText, dueText, minutesText, momentText } from '../dates';
import { now } from '../now';
import { pathTo } from '../router';
import { AsOf } from '../shared/as_of';
import { chartPatterns, lane } from '../shared/charts';
import { childNavigation, identityBar, readTimeline } from '../shared/child_frame';
import { emptyView, failureView, Loading } from '../shared/loading';
import {
  agency,
  due,
  eventText,
  exact,
  exactPast,
  levelText,
  partText,
  past,
  shape,
  shownState,
  stateTag,
  weightText,
} from '../shared/parts';
import {
  daysOf,
  doneInTime,
  goodSteps,
  openClocks,
  spanOf,
  strengths,
  voices,
  type Day,
} from '../shared/story';
import { dayEntries, saidText } from '../shared/story_view';
import { coded, said, t } from '../words';

/** How many of a kind are shown before "and N more": all are on the timeline below. */
const SHOWN = 4;

class ChildPage implements Page {
  private readonly child: string;
  private readonly loading: Loading<Timeline>;
  private readonly asOf: AsOf;
  private newestFirst = true;

  constructor(private readonly app: App) {
    this.child = app.route.arguments[0] ?? '';
    this.loading = new Loading(app);
    const { query } = app.route;
    this.asOf = new AsOf(app, query.get('as_of') ?? '', query.get('known_at') ?? '', () =>
      this.past(),
    );
    void this.read();
  }

  title = () => t('title_child');

  leave(): void {
    this.asOf.stop();
  }

  view(): TemplateResult {
    const failure = this.loading.failure;
    if (failure?.kind === 'not_found') return html`${failureView(failure)}${this.breakGlass()}`;
    return this.loading.view(
      (timeline) => this.shown(timeline),
      () => void this.read(),
    );
  }

  private breakGlass(): TemplateResult | typeof nothing {
    if (!this.app.session.mayBreakGlass()) return nothing;
    return html`<p class="govuk-body">
      ${t('emergency_if')}
      <a class="govuk-link" href=${pathTo('emergency', this.child)}>${t('title_emergency')}</a>
    </p>`;
  }

  private async read(): Promise<void> {
    const timeline = await this.loading.load(() => readTimeline(this.app, this.child, this.asOf));
    if (timeline) this.asOf.spans(spanOf(timeline));
  }

  private past(): void {
    this.app.stay(
      pathTo('child', this.child, { as_of: this.asOf.asOf, known_at: this.asOf.knownAt }),
    );
    void this.read().then(() => this.app.tell(this.asOf.words()));
  }

  private shown(timeline: Timeline): TemplateResult {
    return html` ${identityBar(timeline)} ${childNavigation(this.child, 'child')}
      ${this.asOf.view()} ${this.voice(timeline)}
      <div class="dolen-pair">${this.goingWell(timeline)} ${this.waiting(timeline)}</div>
      ${this.holders(timeline)} ${this.timeline(timeline)} ${this.lanes(timeline)}
      ${this.told(timeline)}
      <button
        type="button"
        class="govuk-button govuk-button--secondary dolen-no-print"
        @click=${() => window.print()}
      >
        ${t('print_conference')}
      </button>`;
  }

  private voice(timeline: Timeline): TemplateResult {
    const heard = voices(timeline);
    return html` <section class="dolen-voice" aria-labelledby="voice">
      <h2 class="govuk-heading-m" id="voice">${t('child_voice')}</h2>
      ${heard.length === 0
        ? html`<p class="govuk-body">${t('child_voice_none')}</p>`
        : heard.slice(0, SHOWN).map((event) => this.quote(event))}
    </section>`;
  }

  private quote(event: EventLine): TemplateResult {
    return html` <figure class="dolen-quote">
      <blockquote>${saidText(event)}</blockquote>
      <figcaption>${agency(event.agency)}, ${exact(event.occurred)}</figcaption>
    </figure>`;
  }

  private goingWell(timeline: Timeline): TemplateResult {
    const recorded = strengths(timeline);
    const steps = goodSteps(timeline);
    const inTime = doneInTime(timeline);
    const none = recorded.length + steps.length + inTime.length === 0;
    return html` <section class="dolen-card dolen-card--well" aria-labelledby="well">
      <h2 class="govuk-heading-m" id="well">${t('going_well')}</h2>
      ${none
        ? html`<p class="govuk-body">${t('going_well_none')}</p>`
        : html` <ul class="dolen-plain">
              ${recorded.map(
                (event) =>
                  html`<li>
                    <span class="dolen-star" aria-hidden="true">★</span> <b>${saidText(event)}</b>
                    <span class="dolen-exact"
                      >${agency(event.agency)}, ${exact(event.occurred)}</span
                    >
                  </li>`,
              )}
              ${steps.slice(0, SHOWN).map(
                (event) =>
                  html`<li>
                    ${shape('done')} ${eventText(event.event)}
                    <span class="dolen-exact"
                      >${agency(event.agency)}, ${exact(event.occurred)}</span
                    >
                  </li>`,
              )}
              ${inTime
                .slice(0, SHOWN)
                .map(
                  (clock) =>
                    html`<li>${shape('in_time')} ${t('state_in_time')}: ${said(clock.title)}</li>`,
                )}
            </ul>
            ${inTime.length > SHOWN
              ? html`<p class="dolen-exact">${t('more_in_time', { n: inTime.length - SHOWN })}</p>`
              : nothing}`}
    </section>`;
  }

  private waiting(timeline: Timeline): TemplateResult {
    const open = openClocks(timeline);
    return html` <section class="dolen-card dolen-card--waiting" aria-labelledby="waiting">
      <h2 class="govuk-heading-m" id="waiting">${t('to_come')}</h2>
      ${open.length === 0
        ? html`<p class="govuk-body">${t('to_come_none')}</p>`
        : html` <ul class="dolen-plain">
            ${open.map((clock) => this.openClock(clock, timeline))}
          </ul>`}
    </section>`;
  }

  private openClock(clock: ClockLine, timeline: Timeline): TemplateResult {
    const at = this.at(timeline);
    return html` <li>
      ${stateTag(shownState(clock.state, clock.due, at))} <b>${said(clock.title)}</b>
      <span class="dolen-due-line">${due(clock.due, at)}</span>
      <span class="dolen-exact">${t('who_acts', { agency: agency(clock.accountable) })}</span>
    </li>`;
  }

  /** The time by which the page speaks: the past that was asked for, or now. */
  private at = (timeline: Timeline): Date => (this.asOf.isPast() ? new Date(timeline.at) : now());

  private holders(timeline: Timeline): TemplateResult {
    return html` <section aria-labelledby="holders">
      <h2 class="govuk-heading-m" id="holders">${t('who_holds')}</h2>
      ${timeline.holders.length === 0
        ? html`<p class="govuk-body">${t('who_holds_nobody')}</p>`
        : html` <dl class="dolen-facts dolen-facts--wide">
            ${timeline.holders.map(
              (one) =>
                html` <div>
                  <dt>${partText(one.part)}</dt>
                  <dd>
                    <b>${agency(one.agency)}</b> (${coded('held_by', one.by)}), ${t('since')}
                    ${exactPast(one.since, this.at(timeline))}
                  </dd>
                </div>`,
            )}
          </dl>`}
    </section>`;
  }

  private timeline(timeline: Timeline): TemplateResult {
    const days: Day[] = daysOf(timeline);
    if (this.newestFirst) days.reverse();
    return html` <section aria-labelledby="timeline">
      <div class="dolen-bar">
        <h2 class="govuk-heading-m" id="timeline">${t('timeline')}</h2>
        <button
          type="button"
          class="govuk-button govuk-button--secondary dolen-button-small dolen-no-print"
          @click=${() => {
            this.newestFirst = !this.newestFirst;
            this.app.redraw();
          }}
        >
          ${t(this.newestFirst ? 'oldest_first' : 'newest_first')}
        </button>
      </div>
      ${timeline.next === null
        ? nothing
        : html`<p class="govuk-inset-text">${t('timeline_cut')}</p>`}
      ${days.length === 0
        ? emptyView(t('timeline_empty'))
        : html` <ol class="dolen-days">
            ${days.map(
              ({ day, entries }) =>
                html` <li class="dolen-day">
                  <h3 class="dolen-day__title">${dayText(day)}</h3>
                  ${dayEntries(entries)}
                </li>`,
            )}
          </ol>`}
    </section>`;
  }

  /**
   * Every deadline as a bar, so that what ran beside what is seen at once; the numbers stand beside
   * it.
   */
  private lanes(timeline: Timeline): TemplateResult | typeof nothing {
    if (timeline.clocks.length === 0) return nothing;
    const end = Date.parse(timeline.at);
    const from = Math.min(...timeline.clocks.map((one) => Date.parse(one.started)));
    return html` <section aria-labelledby="lanes">
      <h2 class="govuk-heading-m" id="lanes">${t('deadlines')}</h2>
      <p class="govuk-body">
        ${t('deadlines_text', {
          from: momentText(new Date(from).toISOString()),
          to: momentText(timeline.at),
        })}
      </p>
      ${chartPatterns()}
      <ul class="dolen-lanes">
        ${timeline.clocks.map((clock) => this.lane(clock, from, end))}
      </ul>
    </section>`;
  }

  private lane(clock: ClockLine, from: number, to: number): TemplateResult {
    const end = clock.closed === null ? to : Date.parse(clock.closed);
    const late = clock.state === 'late' || clock.state === 'overdue';
    return html` <li class="dolen-lanes__lane">
      <p class="dolen-lanes__title">
        ${stateTag(shownState(clock.state, clock.due, new Date(to)))} ${said(clock.title)}
      </p>
      ${lane(
        from,
        to,
        Date.parse(clock.started),
        end,
        clock.due === null ? null : Date.parse(clock.due),
        late ? 'late' : clock.open ? 'open' : 'in_time',
      )}
      <details class="dolen-why">
        <summary>
          ${t('more_about')}<span class="govuk-visually-hidden">: ${said(clock.title)}</span>
        </summary>
        <dl class="dolen-facts">
          <div>
            <dt>${t('started')}</dt>
            <dd>${exact(clock.started)}</dd>
          </div>
          <div>
            <dt>${t('due')}</dt>
            <dd>
              ${clock.open
                ? due(clock.due, new Date(to))
                : clock.due === null
                  ? t('no_due')
                  : dueText(clock.due)}
            </dd>
          </div>
          ${clock.closed === null
            ? nothing
            : html`<div>
                <dt>${t('closed')}</dt>
                <dd>${exact(clock.closed)}</dd>
              </div>`}
          <div>
            <dt>${t('who_can_act')}</dt>
            <dd>${agency(clock.accountable)}</dd>
          </div>
          ${clock.minutes.map(
            (share) =>
              html`<div>
                <dt>
                  ${share.paused
                    ? t('paused_for', { agency: agency(share.who) })
                    : t('with_agency', { agency: agency(share.who) })}
                </dt>
                <dd>${minutesText(share.minutes)}</dd>
              </div>`,
          )}
          ${clock.charged.map(
            (one) =>
              html`<div>
                <dt>${t('not_counted')}</dt>
                <dd>
                  ${momentText(one.from)} –
                  ${one.to === null ? t('no_end_yet') : momentText(one.to)}${one.owner === ''
                    ? ''
                    : `, ${agency(one.owner)}`}
                </dd>
              </div>`,
          )}
          <div>
            <dt>${t('source')}</dt>
            <dd>
              ${clock.source} (${weightText(clock.weight)}); ${clock.rule},
              ${t('book_version', { version: clock.book_version })}
            </dd>
          </div>
        </dl>
      </details>
    </li>`;
  }

  private told(timeline: Timeline): TemplateResult {
    return html` <section aria-labelledby="told">
      <h2 class="govuk-heading-m" id="told">${t('what_was_said')}</h2>
      ${timeline.alerts === null
        ? html`<p class="govuk-body">${t('said_not_kept')}</p>`
        : timeline.alerts.length === 0
          ? html`<p class="govuk-body">${t('said_nothing')}</p>`
          : html` <ul class="dolen-plain">
              ${timeline.alerts.map(
                (alert) =>
                  html` <li>
                    ${this.app.session.may('alerts')
                      ? html`<a class="govuk-link" href=${pathTo('alert', alert.alert_id)}
                          >${said(alert.title)}</a
                        >`
                      : said(alert.title)}:
                    ${levelText(alert.level)}, ${coded('alert_state', alert.state)}
                    <span class="dolen-exact">${past(alert.since)}</span>
                  </li>`,
              )}
            </ul>`}
    </section>`;
  }
}

export const childPage = (app: App): Page => new ChildPage(app);
