// Deadlines in time and late by one name, as the server adds them up, with a bar for the share:
// there a child is counted once, whatever months it stands in, and nothing hidden is left out.
import { type TemplateResult } from 'lit-html';
import type { Delay } from '../contract';
import { t } from '../words';
import { strip } from './charts';
import { countColumn, inTimeColumn } from './count_columns';
import { sizeOf } from './numbers';
import { table, type Column, type TableOrder } from './table';

export type Sum = Pick<
  Delay['total'],
  'children' | 'clocks' | 'in_time' | 'late' | 'percent_in_time'
>;

const bar = (sum: Sum): TemplateResult | string => {
  const inTime = sizeOf(sum.in_time);
  const late = sizeOf(sum.late);
  return inTime + late === 0
    ? ''
    : strip(
        [
          { kind: 'in_time', value: inTime },
          { kind: 'late', value: late },
        ],
        inTime + late,
      );
};

export function sumsTable<Row extends Sum>(
  caption: string,
  first: string,
  nameOf: (row: Row) => string,
  rows: Row[],
  order: TableOrder,
): TemplateResult {
  const columns: Array<Column<Row>> = [
    { key: 'name', title: first, by: nameOf, show: nameOf },
    countColumn('clocks', t('count_clocks'), (one) => one.clocks),
    countColumn('children', t('count_children'), (one) => one.children),
    inTimeColumn(),
    countColumn('late', t('state_late'), (one) => one.late),
    { key: 'bar', title: t('share'), isBar: true, show: bar },
  ];
  return table({ caption, hideCaption: true, columns, rows, order });
}
