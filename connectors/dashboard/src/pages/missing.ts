// What an address that leads nowhere shows.
import { html } from 'lit-html';
import type { PageMaker } from '../app';
import { pathTo } from '../router';
import { t } from '../words';

export const missingPage: PageMaker = () => ({
  title: () => t('title_missing'),
  view: () =>
    html`<p class="govuk-body">
      ${t('missing_text')} <a class="govuk-link" href=${pathTo('now')}>${t('title_now')}</a>.
    </p>`,
});
