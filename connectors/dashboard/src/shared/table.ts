// Tables that can be put in another order by buttons in their heads, and that become a list of
// cards on narrow screens. The roles are written out, since a table laid out as blocks would lose
// its own.
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { language, t } from '../words';

export type Cell = string | number | null;

export interface Column<Row> {
  key: string;
  title: string;
  /** What is shown; a text where nothing else is given. */
  show(row: Row): TemplateResult | string;
  /** By what it is ordered; absent: the column has no button. null stands last either way. */
  by?(row: Row): Cell;
  numeric?: boolean;
  /** A picture of the numbers beside it: without a head, and not read out. */
  isBar?: boolean;
}

export interface Order {
  key: string;
  down: boolean;
}

/** Order of two cells: numbers by size, texts as the language orders them, nothing last. */
export function compareCells(a: Cell, b: Cell, down: boolean, collator: Intl.Collator): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order =
    typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
  return down ? -order : order;
}

export function ordered<Row>(
  rows: readonly Row[],
  columns: Array<Column<Row>>,
  order: Order | null,
): Row[] {
  const column = columns.find((one) => one.key === order?.key);
  const by = column?.by;
  if (!by || !order) return [...rows];
  const collator = new Intl.Collator(language(), { numeric: true, sensitivity: 'base' });
  return rows
    .map((row, place) => ({ row, place, cell: by(row) }))
    .sort((a, b) => compareCells(a.cell, b.cell, order.down, collator) || a.place - b.place)
    .map((one) => one.row);
}

/** Keeps the order that a person chose for one table. */
export class TableOrder {
  order: Order | null = null;

  constructor(private readonly changed: (text: string) => void) {}

  press(key: string, title: string): void {
    this.order = { key, down: this.order?.key === key ? !this.order.down : false };
    this.changed(t(this.order.down ? 'sorted_down' : 'sorted_up', { column: title }));
  }
}

const arrow = (order: Order | null, key: string): string =>
  order?.key !== key ? '↕' : order.down ? '↓' : '↑';

const kindOf = <Row>(column: Column<Row>): string =>
  column.numeric ? 'dolen-table__number' : column.isBar ? 'dolen-table__bar' : '';

function head<Row>(column: Column<Row>, order: TableOrder): TemplateResult {
  const chosen = order.order?.key === column.key ? order.order : null;
  const sorted = chosen === null ? 'none' : chosen.down ? 'descending' : 'ascending';
  const kind = kindOf(column);
  if (!column.by) {
    return html`<th scope="col" role="columnheader" class=${kind}>
      <span class=${column.isBar ? 'govuk-visually-hidden' : ''}>${column.title}</span>
    </th>`;
  }
  return html`<th scope="col" role="columnheader" class=${kind} aria-sort=${sorted}>
    <button type="button" @click=${() => order.press(column.key, column.title)}>
      ${column.title}
      <span aria-hidden="true" class="dolen-table__arrow">${arrow(order.order, column.key)}</span>
    </button>
  </th>`;
}

export interface TableOptions<Row> {
  caption: string;
  columns: Array<Column<Row>>;
  rows: readonly Row[];
  order: TableOrder;
  /**
   * What a row is known by, where rows come and go: what is focused or ticked stays with its row.
   */
  id?(row: Row): string;
  /** The caption is there for all, but not everywhere worth the room on the screen. */
  hideCaption?: boolean;
}

export function table<Row>(options: TableOptions<Row>): TemplateResult {
  const { columns, order } = options;
  return html` <table class="govuk-table dolen-table" role="table">
    <caption
      class=${options.hideCaption
        ? 'govuk-visually-hidden'
        : 'govuk-table__caption govuk-table__caption--s'}
    >
      ${options.caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map((one) => head(one, order))}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rowsOf(options)}
    </tbody>
  </table>`;
}

function rowsOf<Row>({ rows, columns, order, id }: TableOptions<Row>): unknown {
  const shown = ordered(rows, columns, order.order);
  const draw = (row: Row) =>
    html`<tr role="row" data-row=${id ? id(row) : nothing}>
      ${columns.map((column, place) => cell(column, row, place))}
    </tr>`;
  return id ? repeat(shown, id, draw) : shown.map(draw);
}

function cell<Row>(column: Column<Row>, row: Row, place: number): TemplateResult {
  const kind = kindOf(column);
  const inside = html`${column.isBar
      ? nothing
      : html`<span class="dolen-table__label" aria-hidden="true">${column.title}</span>`}
    <div class="dolen-table__value">${column.show(row)}</div>`;
  return place === 0
    ? html`<th scope="row" role="rowheader" class=${kind}>${inside}</th>`
    : html`<td role="cell" class=${kind}>${inside}</td>`;
}
