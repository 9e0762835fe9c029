// What a page is and what it gets. The shell (shell.ts) makes one page for each route, shows it,
// and tells it when it is left; a page keeps its own state and asks to be drawn again when that
// changed.
import type { TemplateResult } from 'lit-html';
import type { Client } from './client';
import type { Route } from './router';
import type { Session } from './session';

export interface App {
  readonly session: Session;
  readonly client: Client;
  readonly route: Route;
  /** Goes to another page of ours and puts the focus on its heading. */
  go(path: string): void;
  /** Changes what stands in the address without leaving the page. */
  stay(path: string): void;
  redraw(): void;
  /**
   * Says what came by itself to those who do not see the page: never more often than is bearable.
   */
  announce(text: string): void;
  /** Says at once what a person's own doing led to. */
  tell(text: string): void;
  /** Puts the focus on an element once the page is drawn. */
  focus(selector: string): void;
}

export interface Page {
  /** The heading, and the title of the window: nothing personal. */
  title(): string;
  view(): TemplateResult;
  leave?(): void;
}

export type PageMaker = (app: App) => Page;
