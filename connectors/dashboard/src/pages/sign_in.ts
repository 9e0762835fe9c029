// Signing in: as somebody made up where the program has a local issuer to try out with, else with
// the organisation's own provider.
import { html, type TemplateResult } from 'lit-html';
import type { App, Page } from '../app';
import type { SignIn } from '../contract';
import { leaveForProvider, tokenForCode } from '../oidc';
import { pathTo } from '../router';
import { Loading } from '../shared/loading';
import { coded, said, t } from '../words';

interface Enters {
  learnWho(): Promise<void>;
}

async function enter(app: App, token: string): Promise<void> {
  const back = app.session.takeReturn() ?? pathTo('now');
  app.session.signIn(token);
  history.replaceState(null, '', back);
  await (app as App & Enters).learnWho();
  app.focus('h1');
}

class SignInPage implements Page {
  private readonly how: Loading<SignIn>;
  private wrong = '';

  constructor(private readonly app: App) {
    this.how = new Loading(app);
    this.ask();
  }

  title = () => t('title_sign_in');

  view(): TemplateResult {
    return html` ${this.wrong === ''
      ? ''
      : html`<div class="dolen-notice" role="alert">
          <p class="govuk-body">${t('sign_in_failed', { why: this.wrong })}</p>
        </div>`}
    ${this.how.view(
      (how) => (how.kind === 'oidc' ? this.provider(how) : this.people(how)),
      () => this.ask(),
    )}`;
  }

  private ask(): void {
    void this.how.load(() => this.app.client.call('signIn', {}));
  }

  private people(how: SignIn): TemplateResult {
    return html` <p class="govuk-body-l">${t('sign_in_trying_out')}</p>
      <ul class="dolen-people">
        ${(how.people ?? []).map(
          (person) =>
            html` <li>
              <button
                type="button"
                class="dolen-person"
                data-person=${person.id}
                @click=${() => this.be(person.id)}
              >
                <b>${person.name}</b>
                <span>${said(person.agency_name)}</span>
                <span>${person.roles.map((role) => coded('role', role)).join(', ')}</span>
              </button>
            </li>`,
        )}
      </ul>`;
  }

  private provider(how: SignIn): TemplateResult {
    return html` <p class="govuk-body-l">${t('sign_in_organisation')}</p>
      <button type="button" class="govuk-button" data-provider @click=${() => this.toProvider(how)}>
        ${t('title_sign_in')}
      </button>`;
  }

  private be(id: string): void {
    void this.trying(async () => {
      const token = await this.app.client.call('developmentToken', { body: { id } });
      await enter(this.app, token.access_token);
    });
  }

  private toProvider(how: SignIn): void {
    void this.trying(() => leaveForProvider(how));
  }

  private async trying(what: () => Promise<void>): Promise<void> {
    try {
      this.wrong = '';
      await what();
    } catch (error) {
      this.wrong = error instanceof Error ? error.message : String(error);
      this.app.redraw();
    }
  }
}

export const signInPage = (app: App): Page => new SignInPage(app);

/** Where the provider sends people back to. */
export function signedInPage(app: App): Page {
  let wrong = '';
  tokenForCode(app.route.query).then(
    (token) => enter(app, token),
    (error: unknown) => {
      wrong = error instanceof Error ? error.message : String(error);
      // The code is used up, and has no business in the history.
      history.replaceState(null, '', pathTo('signed_in'));
      app.redraw();
    },
  );
  return {
    title: () => t('title_sign_in'),
    view: () =>
      wrong === ''
        ? html`<p class="govuk-body" role="status">${t('signing_in')}</p>`
        : html` <div class="dolen-notice" role="alert">
              <p class="govuk-body">${t('sign_in_failed', { why: wrong })}</p>
            </div>
            <a class="govuk-button" href=${pathTo('sign_in')}>${t('try_again')}</a>`,
  };
}
