// One alert: what it is about, what can be done, and the trail of what was said and done.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App, Page } from '../app';
import type { AlertTrail } from '../contract';
import { dueText, momentText } from '../dates';
import { reachedIs } from '../now';
import { pathTo } from '../router';
import { DEEDS, DeedForm } from '../shared/deeds';
import { Loading } from '../shared/loading';
import { agency, childLink, due, levelTag, matter, past, weightText } from '../shared/parts';
import { coded, plain, said, t } from '../words';
import { alertState } from './alerts';

type Line = AlertTrail['trail'][number];

class AlertPage implements Page {
  private readonly loading: Loading<AlertTrail>;
  private readonly form: DeedForm;
  private readonly id: string;

  constructor(private readonly app: App) {
    this.id = app.route.arguments[0] ?? '';
    this.loading = new Loading(app);
    this.form = new DeedForm(app, (done) => {
      this.read(done.position);
      this.app.focus('[data-deeds] button');
    });
    this.read();
  }

  title = () => t('title_alert');

  view(): TemplateResult {
    return html` <a class="govuk-back-link" href=${pathTo('alerts')}>${t('title_alerts')}</a>
      ${this.loading.view(
        (trail) => this.shown(trail),
        () => this.read(),
      )}`;
  }

  private read(position?: string): void {
    void this.loading.load(async () => {
      const trail = await this.app.client.call('alert', {
        path: { alert: this.id },
        query: position === undefined ? {} : { min_position: position },
      });
      reachedIs(trail.at);
      return trail;
    });
  }

  private shown({ alert, trail }: AlertTrail): TemplateResult {
    return html` <p class="govuk-heading-m dolen-alert-title">${said(alert.title)}</p>
      <dl class="dolen-facts dolen-facts--wide">
        <div>
          <dt>${t('level')}</dt>
          <dd>${levelTag(alert.level)} ${coded('about', alert.about)}</dd>
        </div>
        <div>
          <dt>${t('due')}</dt>
          <dd>${due(alert.due)}</dd>
        </div>
        <div>
          <dt>${t('said_last')}</dt>
          <dd>
            ${alertState(alert)}
            ${alert.until
              ? html`<span class="dolen-exact"
                  >${t('holds_until', { time: momentText(alert.until) })}</span
                >`
              : nothing}
          </dd>
        </div>
        <div>
          <dt>${t('child')}</dt>
          <dd>${childLink(alert.child)} · ${matter(alert.matter)}</dd>
        </div>
        <div>
          <dt>${t('who_can_act')}</dt>
          <dd>${agency(alert.accountable)}</dd>
        </div>
        <div>
          <dt>${t('source')}</dt>
          <dd>
            ${alert.source} (${weightText(alert.weight)}); ${alert.rule},
            ${t('book_version', { version: alert.book_version })}
          </dd>
        </div>
      </dl>
      <div class="dolen-toolbar" role="group" aria-label=${t('deeds')} data-deeds>
        ${DEEDS.map(
          (did) =>
            html`<button
              type="button"
              class="govuk-button govuk-button--secondary dolen-button-small"
              data-deed=${did}
              @click=${() => this.form.open(did)}
            >
              ${t(`deed_${did}`)}
            </button>`,
        )}
      </div>
      ${this.form.view([alert.alert_id])}
      <h2 class="govuk-heading-m">${t('trail')}</h2>
      <ol class="dolen-trail">
        ${[...trail].reverse().map((line) => this.line(line))}
      </ol>`;
  }

  private line(line: Line): TemplateResult {
    return html` <li class="dolen-trail__line dolen-trail__line--${line.kind}">
      <p class="dolen-trail__title">${this.sentence(line)}</p>
      ${line.note === '' ? nothing : html`<blockquote class="dolen-said">${line.note}</blockquote>`}
      <p class="dolen-exact">
        ${past(line.at)}${line.due ? html`${t('due')}: ${dueText(line.due)}` : nothing}
      </p>
    </li>`;
  }

  private sentence(line: Line): string {
    if (line.kind === 'action')
      return t('trail_action', { by: line.by, state: coded('alert_state', line.state) });
    if (line.kind === 'receipt')
      return t('trail_receipt', { by: plain(line.by), state: coded('receipt', line.state) });
    return coded('alert_state', line.state);
  }
}

export const alertPage = (app: App): Page => new AlertPage(app);
