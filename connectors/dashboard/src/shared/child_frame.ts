// What the pages of one child share: reading the timeline, saying who it is, and the links between
// them.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App } from '../app';
import type { Timeline } from '../contract';
import { momentText } from '../dates';
import { reachedIs } from '../now';
import { pathTo, type PageName } from '../router';
import { coded, t } from '../words';
import { childShort, subNavigation } from './parts';

/**
 * Events of one page of an answer, and how many pages are read: longer lives are shown from their
 * newest end.
 */
const LIMIT = 200;
const MOST_PAGES = 20;

export interface Past {
  asOf: string;
  knownAt: string;
}

/** The whole timeline of a child, page after page. */
export async function readTimeline(app: App, child: string, past: Past): Promise<Timeline> {
  const query = { as_of: past.asOf, known_at: past.knownAt, limit: LIMIT };
  const first = await app.client.call('timeline', { path: { child }, query });
  for (let pages = 1; first.next !== null && pages < MOST_PAGES; ++pages) {
    const page = await app.client.call('timeline', {
      path: { child },
      query: { ...query, cursor: first.next },
    });
    first.events.push(...page.events);
    first.next = page.next;
  }
  reachedIs(first.reached);
  if (first.emergency_until) app.session.emergencyGranted(child, first.emergency_until);
  return first;
}

/** The answer's own languages are codes; a person reads names. */
export const languageName = (code: string): string =>
  code === '' ? t('not_said') : coded('family_language', code);

export const identityBar = (timeline: Timeline): TemplateResult =>
  html` <div class="dolen-identity">
      <p class="dolen-identity__name">
        ${timeline.name === ''
          ? t('child_short', { key: childShort(timeline.child) })
          : timeline.name}
      </p>
      <dl class="dolen-identity__facts">
        ${timeline.identifiers.map(
          (one) =>
            html`<div>
              <dt>${coded('issuer', one.issuer)}</dt>
              <dd>${one.value}</dd>
            </div>`,
        )}
        <div>
          <dt>${t('family_language')}</dt>
          <dd>${languageName(timeline.language)}</dd>
        </div>
      </dl>
    </div>
    ${timeline.emergency_until
      ? html`<div class="dolen-notice dolen-notice--emergency" role="note">
          <p class="govuk-body">
            <b>${t('emergency_open')}</b> ${t('emergency_until', {
              time: momentText(timeline.emergency_until),
            })}
          </p>
        </div>`
      : nothing}`;

const VIEWS: PageName[] = ['child', 'family', 'readers'];

export const childNavigation = (child: string, here: PageName): TemplateResult =>
  subNavigation(
    t('views_of_child'),
    VIEWS.map((page) => [pathTo(page, child), t(`view_${page}` as 'view_child'), page === here]),
  );
