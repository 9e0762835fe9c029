// One answer on its way: loading, there, or failed. Each page shows the three the same way.
import { html, type TemplateResult } from 'lit-html';
import type { App } from '../app';
import { Failure } from '../client';
import { pathTo } from '../router';
import { t, type Key } from '../words';

export class Loading<T> {
  value: T | null = null;
  failure: Failure | null = null;
  busy = false;
  private asked = 0;

  constructor(private readonly app: App) {}

  /** Asks; an answer that a later question has overtaken is dropped. */
  async load(ask: () => Promise<T>): Promise<T | null> {
    const mine = ++this.asked;
    this.busy = true;
    this.failure = null;
    this.app.redraw();
    try {
      const value = await ask();
      if (mine !== this.asked) return null;
      this.value = value;
      return value;
    } catch (error) {
      if (mine === this.asked)
        this.failure = error instanceof Failure ? error : new Failure('refused');
      if (!(error instanceof Failure)) throw error;
      return null;
    } finally {
      if (mine === this.asked) this.busy = false;
      this.app.redraw();
    }
  }

  /** The value as the page shows it; before that a sign of life, or what went wrong. */
  view(show: (value: T) => TemplateResult, again?: () => void): TemplateResult {
    if (this.failure) return failureView(this.failure, again);
    if (this.value === null) return loadingView();
    return html`<div aria-busy=${this.busy ? 'true' : 'false'}>${show(this.value)}</div>`;
  }
}

export const loadingView = (): TemplateResult =>
  html` <p class="dolen-loading govuk-body" role="status">
    <span class="dolen-loading__sign" aria-hidden="true"></span>${t('loading')}
  </p>`;

export function failureView(failure: Failure, again?: () => void): TemplateResult {
  const kind = failure.kind;
  const detail =
    kind === 'forbidden' || kind === 'not_found' || kind === 'unreachable'
      ? t(`failure_${kind}_detail` as Key)
      : (failure.problem?.detail ?? t('failure_refused_detail'));
  const canTryAgain = again && (kind === 'unreachable' || kind === 'busy' || kind === 'refused');
  return html` <div class="dolen-notice dolen-notice--${kind}" role="alert" data-failure=${kind}>
    <h2 class="govuk-heading-m">${t(`failure_${kind}` as Key)}</h2>
    <p class="govuk-body">${detail}</p>
    ${kind === 'forbidden'
      ? html`<p class="govuk-body">
          <a class="govuk-link" href=${pathTo('purpose')}>${t('other_purpose')}</a>
        </p>`
      : ''}
    ${canTryAgain
      ? html`<button type="button" class="govuk-button govuk-button--secondary" @click=${again}>
          ${t('try_again')}
        </button>`
      : ''}
  </div>`;
}

export const emptyView = (title: string, text = ''): TemplateResult =>
  html` <div class="dolen-empty">
    <p class="govuk-heading-s">${title}</p>
    ${text === '' ? '' : html`<p class="govuk-body">${text}</p>`}
  </div>`;
