// Columns of tables that count: a number that may be hidden, and how many of the deadlines were in
// time.
import { html } from 'lit-html';
import { t } from '../words';
import { countOrder, countText, percentOf, type Count } from './numbers';
import type { Column } from './table';

export const countColumn = <Row>(
  key: string,
  title: string,
  count: (row: Row) => Count,
): Column<Row> => ({
  key,
  title,
  numeric: true,
  by: (row) => countOrder(count(row)),
  show: (row) => countText(count(row)),
});

export const inTimeColumn = <
  Row extends { in_time: Count; percent_in_time: number | null },
>(): Column<Row> => ({
  ...countColumn<Row>('in_time', t('state_in_time'), (row) => row.in_time),
  show: (row) =>
    html`${countText(row.in_time)}
      <span class="dolen-exact">${percentOf(row.percent_in_time)}</span>`,
});
