// The audit: who has read what, all of it or for one child or one reader, and where the chain
// stands.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App, Page } from '../app';
import type { Reads } from '../contract';
import { emptyView, Loading } from '../shared/loading';
import { readsTable } from '../shared/reads';
import { TableOrder } from '../shared/table';
import { numberText } from '../dates';
import { t } from '../words';

class AuditPage implements Page {
  private readonly loading: Loading<Reads>;
  private readonly order: TableOrder;
  private child = '';
  private subject = '';
  private wrong = false;

  constructor(private readonly app: App) {
    this.loading = new Loading(app);
    this.order = new TableOrder((text) => {
      app.tell(text);
      app.redraw();
    });
    this.read();
  }

  title = () => t('title_audit');

  view(): TemplateResult {
    return html` <p class="govuk-body">${t('audit_text')}</p>
      <form class="dolen-filter" novalidate @submit=${(event: Event) => this.submit(event)}>
        ${this.input('audit-child', t('audit_child'), this.child, (value) => {
          this.child = value;
        })}
        ${this.input('audit-subject', t('audit_subject'), this.subject, (value) => {
          this.subject = value;
        })}
        <button class="govuk-button dolen-button-small">${t('show')}</button>
      </form>
      ${this.wrong
        ? html`<p class="govuk-error-message" role="alert">${t('audit_child_wrong')}</p>`
        : nothing}
      ${this.loading.view(
        (reads) => this.shown(reads),
        () => this.read(),
      )}`;
  }

  private input(
    id: string,
    label: string,
    value: string,
    typed: (value: string) => void,
  ): TemplateResult {
    return html`<div>
      <label class="govuk-label" for=${id}>${label}</label>
      <input
        class="govuk-input"
        id=${id}
        autocomplete="off"
        spellcheck="false"
        .value=${value}
        @input=${(event: Event) => typed((event.target as HTMLInputElement).value.trim())}
      />
    </div>`;
  }

  private submit(event: Event): void {
    event.preventDefault();
    this.wrong = this.child !== '' && !/^[0-9a-f]{32}$/.test(this.child);
    if (this.wrong) this.app.focus('#audit-child');
    else this.read();
  }

  private query = () => ({ child: this.child, subject: this.subject, limit: 200 });

  private read(): void {
    void this.loading.load(() => this.app.client.call('audit', { query: this.query() }));
  }

  private async more(cursor: string): Promise<void> {
    const before = this.loading.value;
    await this.loading.load(async () => {
      const page = await this.app.client.call('audit', { query: { ...this.query(), cursor } });
      return { ...page, items: [...(before?.items ?? []), ...page.items] };
    });
  }

  private shown(reads: Reads): TemplateResult {
    return html` ${reads.items.length === 0
        ? emptyView(t('readers_none'))
        : readsTable(reads.items, this.order, true)}
      ${reads.next === null
        ? nothing
        : html`<button
            type="button"
            class="govuk-button govuk-button--secondary"
            @click=${() => void this.more(reads.next ?? '')}
          >
            ${t('show_more')}
          </button>`}
      <h2 class="govuk-heading-s">${t('chain')}</h2>
      <p class="govuk-body">
        ${t('chain_text', { number: numberText(reads.head.number) })}
        <code class="dolen-hash">${reads.head.hash}</code>
      </p>`;
  }
}

export const auditPage = (app: App): Page => new AuditPage(app);
