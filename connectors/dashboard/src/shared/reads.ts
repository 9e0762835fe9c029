// Reads on record as a table: who looked at what, why, and how much they saw.
import { html, nothing, type TemplateResult } from 'lit-html';
import { operations, type Read } from '../contract';
import { momentText } from '../dates';
import { coded, t } from '../words';
import { agency, childLink } from './parts';
import { table, type Column, type TableOrder } from './table';

const SHOWN_CHILDREN = 3;

/** What was asked for: the record has the method and the path of the contract's operation. */
function askedText(what: string): string {
  const found = Object.entries(operations).find(([, one]) => `${one.method} ${one.path}` === what);
  return found ? coded('asked', found[0]) : what;
}

function columns(withChildren: boolean): Array<Column<Read>> {
  const about: Column<Read> = {
    key: 'children',
    title: t('about_whom'),
    by: (one) => one.children.length,
    show: (one) =>
      html` ${one.children
        .slice(0, SHOWN_CHILDREN)
        .map((child) => html`<div>${childLink(child)}</div>`)}
      ${one.children.length > SHOWN_CHILDREN
        ? t('and_more', { n: one.children.length - SHOWN_CHILDREN })
        : nothing}`,
  };
  return [
    {
      key: 'at',
      title: t('when'),
      by: (one) => Date.parse(one.at),
      show: (one) => html` <time datetime=${one.at}>${momentText(one.at)}</time>`,
    },
    {
      key: 'subject',
      title: t('who'),
      by: (one) => one.subject,
      show: (one) =>
        html`${one.subject}
          <span class="dolen-exact"
            >${agency(one.agency)}, ${one.roles.map((role) => coded('role', role)).join(', ')}</span
          >`,
    },
    {
      key: 'purpose',
      title: t('why'),
      by: (one) => one.purpose,
      show: (one) =>
        html`${coded('purpose', one.purpose)}
        ${one.emergency === ''
          ? nothing
          : html`<span class="dolen-exact"
              ><b>${t('emergency_reason_given')}</b> ${one.emergency}</span
            >`}`,
    },
    {
      key: 'what',
      title: t('what'),
      by: (one) => askedText(one.what),
      show: (one) => askedText(one.what),
    },
    {
      key: 'extent',
      title: t('extent'),
      by: (one) => one.extent,
      show: (one) => t(`extent_${one.extent}`),
    },
    ...(withChildren ? [about] : []),
  ];
}

export const readsTable = (
  rows: Read[],
  order: TableOrder,
  withChildren: boolean,
): TemplateResult =>
  table({
    caption: t('reads_caption'),
    hideCaption: true,
    columns: columns(withChildren),
    rows,
    order,
  });
