// Who has read one child's record: what a child and a family have a right to know.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App, Page } from '../app';
import type { Reads } from '../contract';
import { childNavigation } from '../shared/child_frame';
import { emptyView, Loading } from '../shared/loading';
import { childShort } from '../shared/parts';
import { readsTable } from '../shared/reads';
import { TableOrder } from '../shared/table';
import { t } from '../words';

class ReadersPage implements Page {
  private readonly child: string;
  private readonly loading: Loading<Reads>;
  private readonly order: TableOrder;

  constructor(private readonly app: App) {
    this.child = app.route.arguments[0] ?? '';
    this.loading = new Loading(app);
    this.order = new TableOrder((text) => {
      app.tell(text);
      app.redraw();
    });
    this.read();
  }

  title = () => t('title_readers');

  view(): TemplateResult {
    return html` ${childNavigation(this.child, 'readers')}
      <p class="govuk-body">${t('readers_text', { key: childShort(this.child) })}</p>
      ${this.loading.view(
        (reads) => this.shown(reads),
        () => this.read(),
      )}`;
  }

  private read(): void {
    void this.loading.load(() =>
      this.app.client.call('readers', { path: { child: this.child }, query: { limit: 200 } }),
    );
  }

  private async more(cursor: string): Promise<void> {
    const before = this.loading.value;
    await this.loading.load(async () => {
      const page = await this.app.client.call('readers', {
        path: { child: this.child },
        query: { limit: 200, cursor },
      });
      return { ...page, items: [...(before?.items ?? []), ...page.items] };
    });
  }

  private shown(reads: Reads): TemplateResult {
    if (reads.items.length === 0) return emptyView(t('readers_none'));
    return html`${readsTable(reads.items, this.order, false)}
    ${reads.next === null
      ? nothing
      : html`<button
          type="button"
          class="govuk-button govuk-button--secondary"
          @click=${() => void this.more(reads.next ?? '')}
        >
          ${t('show_more')}
        </button>`}`;
  }
}

export const readersPage = (app: App): Page => new ReadersPage(app);
