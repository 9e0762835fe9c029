// Deadlines in time and late, added up by a name, with a bar for the share. Children are not added
// up: one child may stand in several months.
import { html, nothing, type TemplateResult } from 'lit-html';
import { t } from '../words';
import { strip } from './charts';
import { countColumn } from './count_columns';
import { shareText, sumShown, type DelayRow } from './numbers';
import { table, type Column, type TableOrder } from './table';

interface Sum {
  name: string;
  inTime: number;
  late: number;
  hidden: number;
}

export type Counted = Pick<DelayRow, 'in_time' | 'late'>;

export function sumsOf<Row extends Counted>(rows: Row[], nameOf: (row: Row) => string): Sum[] {
  const names = [...new Set(rows.map(nameOf))];
  return names.map((name) => {
    const mine = rows.filter((one) => nameOf(one) === name);
    const inTime = sumShown(mine.map((one) => one.in_time));
    const late = sumShown(mine.map((one) => one.late));
    return { name, inTime: inTime.sum, late: late.sum, hidden: inTime.hidden + late.hidden };
  });
}

const bar = ({ inTime, late }: Sum): TemplateResult | string =>
  inTime + late === 0
    ? ''
    : strip(
        [
          { kind: 'in_time', value: inTime },
          { kind: 'late', value: late },
        ],
        inTime + late,
      );

export function sumsTable(
  caption: string,
  first: string,
  sums: Sum[],
  order: TableOrder,
): TemplateResult {
  const columns: Array<Column<Sum>> = [
    { key: 'name', title: first, by: (one) => one.name, show: (one) => one.name },
    countColumn('in_time', t('state_in_time'), (one) => one.inTime),
    countColumn('late', t('state_late'), (one) => one.late),
    {
      key: 'share',
      title: t('share_in_time'),
      numeric: true,
      by: (one) => one.inTime / Math.max(1, one.inTime + one.late),
      show: (one) => shareText(one.inTime, one.inTime + one.late),
    },
    { key: 'bar', title: t('share'), isBar: true, show: bar },
  ];
  return html`
    ${table({ caption, hideCaption: true, columns, rows: sums, order })}
    ${sums.some((one) => one.hidden > 0)
      ? html`<p class="govuk-hint">${t('added_up')}</p>`
      : nothing}
  `;
}
