// The frame around every page: header, language switch, navigation, the purpose of reading, live
// region. It turns addresses into pages, keeps the focus where a person expects it, and sends those
// who are not signed in, or have not said why they read, to where they can.
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { App, Page, PageMaker } from './app';
import { Client } from './client';
import { dayText, timeText, wallOf } from './dates';
import { behindMs, now } from './now';
import { inOtherLanguage, pathTo, rightOf, routeOf, type PageName, type Route } from './router';
import { Session } from './session';
import { Announcer } from './shared/announcer';
import { FocusPlace } from './shared/focus_place';
import { failureView, loadingView } from './shared/loading';
import { agency } from './shared/parts';
import { Failure } from './client';
import {
  language,
  nameCodes,
  otherLanguage,
  rememberedLanguage,
  setLanguage,
  t,
  textIn,
  type Key,
} from './words';

/** Pages in the order of the navigation. */
const NAVIGATION: PageName[] = [
  'now',
  'alerts',
  'children',
  'handovers',
  'delays',
  'agencies',
  'rules',
  'audit',
];
const OPEN: PageName[] = ['sign_in', 'signed_in'];
/** Pages that belong to another one's place in the navigation. */
const UNDER: Partial<Record<PageName, PageName>> = {
  alert: 'alerts',
  child: 'children',
  family: 'children',
  readers: 'children',
  emergency: 'children',
  what_if: 'rules',
};
const BEHIND_WORTH_SAYING_MS = 5 * 60 * 1000;
const ENDING_WORTH_SAYING_MS = 5 * 60 * 1000;
const REDRAW_MS = 20_000;

export class Shell implements App {
  readonly session = new Session();
  readonly client = new Client(this.session, () => this.signedOut());
  route: Route = routeOf('/');
  private page: Page | null = null;
  private menuOpen = false;
  private drawing = false;
  private wantedFocus: string | null = null;
  private said = '';
  private readonly announcer = new Announcer((text) => this.say(text));

  constructor(
    private readonly root: HTMLElement,
    private readonly makers: Record<PageName, PageMaker>,
  ) {}

  async start(): Promise<void> {
    window.addEventListener('popstate', () => this.arrive(true));
    document.addEventListener('click', (event) => this.follow(event));
    document.addEventListener('visibilitychange', () => this.redraw());
    setInterval(() => {
      if (!document.hidden) this.redraw();
    }, REDRAW_MS);
    this.arrive(false);
    if (this.session.token) await this.learnWho();
  }

  /** Reads who this token is of; then the page that was asked for can be shown. */
  async learnWho(): Promise<void> {
    try {
      this.session.me = await this.client.call('me', {});
      await this.learnNames();
      const [only, second] = this.session.choices();
      if (only && !second) this.session.choosePurpose(only);
      this.arrive(false);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.kind !== 'signed_out') this.fail(error);
    }
  }

  /** What books call things; without it codes are shown as plain words. */
  private async learnNames(): Promise<void> {
    try {
      nameCodes((await this.client.call('words', {})).words);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }

  go(path: string): void {
    history.pushState(null, '', path);
    this.arrive(true);
  }

  stay(path: string): void {
    history.replaceState(null, '', path);
    this.route = routeOf(location.pathname, location.search);
    this.redraw();
  }

  announce(text: string): void {
    this.announcer.politely(text);
  }

  tell(text: string): void {
    this.announcer.now(text);
  }

  focus(selector: string): void {
    this.wantedFocus = selector;
    this.redraw();
  }

  /** Draws once, however often it was asked for in one turn. */
  redraw(): void {
    if (this.drawing) return;
    this.drawing = true;
    queueMicrotask(() => {
      this.drawing = false;
      this.draw();
    });
  }

  // ---- where we are -----------------------------------------------------------------------------

  private arrive(moved: boolean): void {
    const route = routeOf(location.pathname, location.search);
    if (route.language === null) {
      setLanguage(rememberedLanguage());
      history.replaceState(null, '', inLanguage(location.pathname, location.search));
      return this.arrive(moved);
    }
    setLanguage(route.language);
    this.route = route;
    this.menuOpen = false;
    this.page?.leave?.();
    this.page = this.pageFor(route);
    if (moved) {
      window.scrollTo(0, 0);
      this.wantedFocus = 'h1';
    }
    this.redraw();
  }

  private pageFor(route: Route): Page | null {
    if (OPEN.includes(route.page)) return this.makers[route.page](this);
    if (!this.session.token) {
      this.session.comeBackTo(location.pathname + location.search);
      return this.makers.sign_in(this);
    }
    if (!this.session.me) return null;
    if (route.page !== 'rules' && !this.session.purpose) {
      if (route.page !== 'purpose') this.session.comeBackTo(location.pathname + location.search);
      return this.makers.purpose(this);
    }
    const right = rightOf(route.page);
    if (right && !this.session.may(right)) return forbidden(route.page);
    return this.makers[route.page](this);
  }

  private signedOut(): void {
    if (!this.session.token) return;
    this.session.signOut();
    this.session.comeBackTo(location.pathname + location.search);
    this.page?.leave?.();
    this.page = this.makers.sign_in(this);
    this.wantedFocus = 'h1';
    this.redraw();
  }

  private fail(failure: Failure): void {
    this.page = {
      title: () => t('title_now'),
      view: () =>
        failureView(failure, () => {
          this.page = null;
          this.redraw();
          void this.learnWho();
        }),
    };
    this.redraw();
  }

  private follow(event: MouseEvent): void {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.ctrlKey ||
      event.metaKey ||
      event.shiftKey
    )
      return;
    const link = (event.target as Element | null)?.closest('a');
    const path = link?.getAttribute('href') ?? '';
    if (
      !link ||
      link.target !== '' ||
      link.hasAttribute('download') ||
      !/^\/(en|cy)(\/|$)/.test(path)
    )
      return;
    event.preventDefault();
    // Whoever changes why they read goes on where they were.
    if (routeOf(path).page === 'purpose') {
      this.session.comeBackTo(location.pathname + location.search);
    }
    if (link.hasAttribute('data-language')) this.switchLanguage(path);
    else this.go(path);
  }

  /** The same page, as it stands, in the other language: nothing is asked again. */
  private switchLanguage(path: string): void {
    history.pushState(null, '', path);
    this.route = routeOf(location.pathname, location.search);
    setLanguage(this.route.language ?? 'en');
    this.wantedFocus = '[data-language]';
    this.redraw();
  }

  // ---- drawing ----------------------------------------------------------------------------------

  private draw(): void {
    const title = this.page?.title() ?? t('loading');
    document.title = `${title} – Dolen`;
    const place = new FocusPlace();
    render(this.frame(title), this.root);
    place.restore();
    if (this.wantedFocus) this.moveFocus(this.wantedFocus);
  }

  private moveFocus(selector: string): void {
    const element = this.root.querySelector<HTMLElement>(selector);
    if (!element) return;
    this.wantedFocus = null;
    element.focus({ preventScroll: selector === 'h1' });
  }

  private frame(title: string): TemplateResult {
    return html` <a
        class="govuk-skip-link"
        href="#main"
        @click=${(event: Event) => this.skip(event)}
        >${t('skip')}</a
      >
      ${this.header()}
      <div class="govuk-width-container dolen-width">
        ${this.notices()}
        <main class="govuk-main-wrapper dolen-main" id="main" tabindex="-1">
          <h1 class="govuk-heading-l" tabindex="-1">${title}</h1>
          ${this.page?.view() ?? loadingView()}
        </main>
      </div>
      ${footer()}
      <p class="govuk-visually-hidden" role="status" aria-live="polite" id="said">${this.said}</p>`;
  }

  private skip(event: Event): void {
    event.preventDefault();
    this.root.querySelector<HTMLElement>('#main')?.focus();
  }

  private header(): TemplateResult {
    return html` <header class="dolen-header">
        <div class="govuk-width-container dolen-width dolen-header__row">
          <a class="dolen-header__name" href=${pathTo('now')}>${logo}<span>Dolen</span></a>
          <a
            class="dolen-header__language"
            data-language
            lang=${otherLanguage()}
            hreflang=${otherLanguage()}
            href=${inOtherLanguage(location.pathname, location.search)}
          >
            ${textIn(otherLanguage(), 'language_name')}</a
          >
          ${this.who()}
        </div>
      </header>
      ${this.session.me && this.session.purpose ? this.navigation() : nothing}`;
  }

  private who(): TemplateResult | typeof nothing {
    const { me, purpose } = this.session;
    if (!me) return nothing;
    return html` <div class="dolen-header__who">
      <span class="dolen-header__agency">${agency(me.agency)}</span>
      ${purpose
        ? html`<span
            >${t('reading_for')}
            <a href=${pathTo('purpose')}
              >${t(`purpose_${purpose}`)}
              <span class="govuk-visually-hidden">${t('purpose_change')}</span></a
            ></span
          >`
        : nothing}
      <button type="button" class="dolen-header__out" @click=${() => this.leave()}>
        ${t('sign_out')}
      </button>
    </div>`;
  }

  private leave(): void {
    this.session.signOut();
    this.page?.leave?.();
    this.go(pathTo('sign_in'));
  }

  private navigation(): TemplateResult {
    const here = UNDER[this.route.page] ?? this.route.page;
    const pages = NAVIGATION.filter((one) => this.session.may(rightOf(one) ?? 'rules'));
    return html` <nav class="dolen-navigation" aria-label=${t('navigation')}>
      <div class="govuk-width-container dolen-width">
        <button
          type="button"
          class="dolen-navigation__menu"
          aria-expanded=${this.menuOpen ? 'true' : 'false'}
          aria-controls="menu"
          @click=${() => {
            this.menuOpen = !this.menuOpen;
            this.redraw();
          }}
        >
          ${t('menu')}
        </button>
        <ul id="menu" class=${this.menuOpen ? 'dolen-navigation__open' : ''}>
          ${pages.map(
            (page) =>
              html`<li>
                <a href=${pathTo(page)} aria-current=${page === here ? 'page' : nothing}
                  >${t(`title_${page}` as Key)}</a
                >
              </li>`,
          )}
        </ul>
      </div>
    </nav>`;
  }

  /** What holds for every page; a place of its own, so that it is found by those who jump. */
  private notices(): TemplateResult | typeof nothing {
    const behind = this.behind();
    const ending = this.ending();
    if (behind === nothing && ending === nothing) return nothing;
    return html`<aside aria-label=${t('notices')}>${behind} ${ending}</aside>`;
  }

  /** States are said by the record's own time; where that is not now, people must be told. */
  private behind(): TemplateResult | typeof nothing {
    if (!this.session.me || Math.abs(behindMs()) < BEHIND_WORTH_SAYING_MS) return nothing;
    const wall = wallOf(now());
    return html`<p class="dolen-behind govuk-body-s">
      ${t('record_time', { time: `${dayText(wall.day)}, ${timeText(wall)}` })}
    </p>`;
  }

  /** A token runs out: what is being written should be sent before. */
  private ending(): TemplateResult | typeof nothing {
    const until = this.session.me?.until;
    const left = until === undefined ? Infinity : Date.parse(until) - Date.now();
    if (until === undefined || left > ENDING_WORTH_SAYING_MS) return nothing;
    const time = timeText(wallOf(new Date(until)));
    return html`<p class="dolen-behind govuk-body-s" role="status">${t('ends_at', { time })}</p>`;
  }

  private say(text: string): void {
    // The same text twice would not be read out again: a space makes it another.
    this.said = text === this.said ? `${text} ` : text;
    this.redraw();
  }
}

const logo = html` <svg
  class="dolen-logo"
  viewBox="0 0 40 24"
  width="40"
  height="24"
  aria-hidden="true"
  focusable="false"
>
  <rect x="2" y="5" width="22" height="14" rx="7" />
  <rect x="16" y="5" width="22" height="14" rx="7" />
  <path d="M16.2 9.5A7 7 0 0 1 23 5" />
</svg>`;

const footer = (): TemplateResult =>
  html` <footer class="dolen-footer">
    <div class="govuk-width-container dolen-width">
      <p class="govuk-body-s">${t('footer_no_score')}</p>
      <p class="govuk-body-s">${t('footer_recorded')}</p>
    </div>
  </footer>`;

function inLanguage(path: string, search: string): string {
  const rest = path === '/' ? '/now' : path;
  return `/${language()}${rest}${search}`;
}

const forbidden = (page: PageName): Page => ({
  title: () => t(`title_${page}` as Key),
  view: () => failureView(new Failure('forbidden')),
});
