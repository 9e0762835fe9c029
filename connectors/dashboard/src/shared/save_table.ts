// A table as a file for spreadsheets: the API writes it, the page saves it. It is asked for like
// any other answer, with the token and the purpose, so it is on record like one.
import { html, type TemplateResult } from 'lit-html';
import type { App } from '../app';
import { Failure, type Operation } from '../client';
import { t } from '../words';

async function save(app: App, operation: Operation, query: Record<string, string>): Promise<void> {
  try {
    const answer = await app.client.fetch(operation, { query }, { accept: 'text/csv' });
    const address = URL.createObjectURL(await answer.blob());
    const link = document.createElement('a');
    link.href = address;
    link.download = `dolen-${operation}.csv`;
    link.click();
    URL.revokeObjectURL(address);
    app.tell(t('table_saved'));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    app.tell(t('table_not_saved', { why: error.message }));
  }
}

export const saveTable = (
  app: App,
  operation: Operation,
  query: Record<string, string> = {},
): TemplateResult =>
  html`<p class="govuk-body dolen-no-print">
    <button
      type="button"
      class="govuk-button govuk-button--secondary dolen-button-small"
      data-save=${operation}
      @click=${() => void save(app, operation, query)}
    >
      ${t('save_table')}
    </button>
  </p>`;
