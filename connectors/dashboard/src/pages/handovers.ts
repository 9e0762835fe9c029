// Handovers: what was offered and waits for an answer, children whom nobody holds or two do, and
// whom we hold. Whose turn it is stands beside each.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App, Page } from '../app';
import type { Handover, Handovers, Holding, Holdings } from '../contract';
import { reachedIs } from '../now';
import { emptyView, Loading } from '../shared/loading';
import { agency, childLink, due, figure, matter, partText, past, shape } from '../shared/parts';
import { table, TableOrder, type Column } from '../shared/table';
import { coded, t, type Key } from '../words';

const LIMIT = 200;
type Part = 'to_us' | 'from_us' | 'gap' | 'overlap';
const PARTS: Part[] = ['gap', 'to_us', 'from_us', 'overlap'];

/** On which side of the page a handover stands; exported for the tests. */
export function partOf(one: Pick<Handover, 'kind' | 'to'>, own: string): Part {
  if (one.kind !== 'offered') return one.kind;
  return one.to === own ? 'to_us' : 'from_us';
}

class HandoversPage implements Page {
  private readonly list: Loading<Handovers>;
  private readonly held: Loading<Holdings>;
  private readonly orders: Record<Part | 'held', TableOrder>;

  constructor(private readonly app: App) {
    this.list = new Loading(app);
    this.held = new Loading(app);
    const order = () =>
      new TableOrder((text) => {
        app.tell(text);
        app.redraw();
      });
    this.orders = {
      to_us: order(),
      from_us: order(),
      gap: order(),
      overlap: order(),
      held: order(),
    };
    this.read();
    this.readHeld();
  }

  title = () => t('title_handovers');

  view(): TemplateResult {
    return html` ${this.list.view(
        (value) => this.parts(value),
        () => this.read(),
      )}
      <section aria-labelledby="held">
        <h2 class="govuk-heading-m" id="held">${t('we_hold')}</h2>
        ${this.held.view(
          (value) => this.holdings(value),
          () => this.readHeld(),
        )}
      </section>`;
  }

  private read(): void {
    void this.list.load(() =>
      this.whole((cursor) =>
        this.app.client.call('handovers', { query: { limit: LIMIT, ...cursor } }),
      ),
    );
  }

  private readHeld(): void {
    void this.held.load(() =>
      this.whole((cursor) =>
        this.app.client.call('holdings', { query: { limit: LIMIT, ...cursor } }),
      ),
    );
  }

  /** All pages of a list that a person must see whole. */
  private async whole<T extends { at: string; next: string | null; items: unknown[] }>(
    page: (cursor: { cursor?: string }) => Promise<T>,
  ): Promise<T> {
    const first = await page({});
    reachedIs(first.at);
    for (let pages = 1; first.next !== null && pages < 10; ++pages) {
      const more = await page({ cursor: first.next });
      first.items.push(...more.items);
      first.next = more.next;
    }
    return first;
  }

  private parts(value: Handovers): TemplateResult {
    const own = this.app.session.me?.agency ?? '';
    const of = (part: Part) => value.items.filter((one) => partOf(one, own) === part);
    return html` <div class="dolen-figures">
        ${PARTS.map((part) =>
          figure(
            of(part).length,
            t(`handover_${part}`),
            part === 'gap' && of(part).length > 0 ? 'late' : '',
          ),
        )}
      </div>
      ${PARTS.map((part) => this.part(part, of(part)))}`;
  }

  private part(part: Part, rows: Handover[]): TemplateResult {
    return html` <section aria-labelledby=${`part-${part}`}>
      <h2 class="govuk-heading-m" id=${`part-${part}`}>
        ${part === 'gap' && rows.length > 0 ? shape('overdue') : nothing} ${t(`handover_${part}`)}
      </h2>
      <p class="govuk-body">${t(`handover_${part}_text`)}</p>
      ${rows.length === 0
        ? emptyView(t(`handover_${part}_none`))
        : table({
            caption: t(`handover_${part}`),
            hideCaption: true,
            columns: this.columns(part),
            rows,
            order: this.orders[part],
          })}
    </section>`;
  }

  private columns(part: Part): Array<Column<Handover>> {
    const text = (key: 'from' | 'to', title: Key): Column<Handover> => ({
      key,
      title: t(title),
      by: (one) => agency(one[key]),
      show: (one) => agency(one[key]),
    });
    const between =
      part === 'gap'
        ? []
        : part === 'overlap'
          ? [text('from', 'one_holder'), text('to', 'other_holder')]
          : [text('from', 'offered_by'), text('to', 'offered_to')];
    const answer: Array<Column<Handover>> =
      part === 'gap' || part === 'overlap'
        ? []
        : [
            {
              key: 'due',
              title: t('answer_due'),
              by: (one) => (one.due === null ? null : Date.parse(one.due)),
              show: (one) => due(one.due),
            },
            {
              key: 'matter',
              title: t('matter'),
              by: (one) => one.matter,
              show: (one) => matter(one.matter),
            },
          ];
    return [
      {
        key: 'child',
        title: t('child'),
        by: (one) => one.child,
        show: (one) => childLink(one.child),
      },
      {
        key: 'since',
        title: t('since_when'),
        by: (one) => Date.parse(one.since),
        show: (one) => past(one.since),
      },
      ...between,
      ...answer,
      { key: 'part', title: t('part'), by: (one) => one.part, show: (one) => partText(one.part) },
    ];
  }

  private holdings(value: Holdings): TemplateResult {
    if (value.items.length === 0) return emptyView(t('we_hold_none'));
    const columns: Array<Column<Holding>> = [
      {
        key: 'child',
        title: t('child'),
        by: (one) => one.child,
        show: (one) => childLink(one.child),
      },
      {
        key: 'since',
        title: t('since_when'),
        by: (one) => Date.parse(one.since),
        show: (one) => past(one.since),
      },
      { key: 'part', title: t('part'), by: (one) => one.part, show: (one) => partText(one.part) },
      {
        key: 'by',
        title: t('by_what'),
        by: (one) => one.by,
        show: (one) => coded('held_by', one.by),
      },
    ];
    return table({
      caption: t('we_hold'),
      hideCaption: true,
      columns,
      rows: value.items,
      order: this.orders.held,
    });
  }
}

export const handoversPage = (app: App): Page => new HandoversPage(app);
