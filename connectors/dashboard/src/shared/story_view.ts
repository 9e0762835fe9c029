// How the entries of a day look: what happened, with what was written where one may read it, and
// what should have been done by then. What contradicts something is a note, in words that blame
// nobody.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { EventLine } from '../contract';
import { dueText, isDay, spanText, timeText, wallOf } from '../dates';
import { said, t } from '../words';
import { agency, eventText, matter, partText, reasonText, stateTag } from './parts';
import { isStrength, isVoice, toldLater, type Entry } from './story';

/** What was written, or why it is not shown. */
export function saidText(event: EventLine): string {
  if (event.private && event.private.text !== '') return event.private.text;
  return event.extent === 'open_part' ? t('only_open_part') : t('nothing_written');
}

export const dayEntries = (entries: Entry[]): TemplateResult =>
  html` <ul class="dolen-entries">
    ${entries.map((entry) =>
      entry.kind === 'event'
        ? eventEntry(entry.event)
        : html` <li class="dolen-entry dolen-entry--due">
            <p class="dolen-entry__title">
              ${stateTag(entry.clock.state)} ${t('should_be_done')}: ${said(entry.clock.title)}
            </p>
            <p class="dolen-exact">
              ${t('who_acts', { agency: agency(entry.clock.accountable) })} · ${dueText(entry.at)}
            </p>
          </li>`,
    )}
  </ul>`;

function eventEntry(event: EventLine): TemplateResult {
  const kind = isVoice(event) ? 'voice' : isStrength(event) ? 'strength' : 'event';
  const later = toldLater(event);
  const hasText = event.private !== null && event.private.text !== '';
  return html` <li class="dolen-entry dolen-entry--${kind}">
    <p class="dolen-entry__title">
      ${isDay(event.occurred)
        ? nothing
        : html`<time class="dolen-entry__time" datetime=${event.occurred}
            >${timeText(wallOf(new Date(event.occurred)))}</time
          >`}
      ${eventText(event.event)}
    </p>
    <p class="dolen-entry__who">
      ${agency(event.agency)}${event.to_agency === ''
        ? nothing
        : html` <span aria-hidden="true">→</span
            ><span class="govuk-visually-hidden">${t('to')}</span> ${agency(event.to_agency)}`}
    </p>
    ${hasText
      ? html`<blockquote class="dolen-said">
          ${event.private?.text}
          ${event.private?.practitioner
            ? html`<footer>${event.private.practitioner}</footer>`
            : nothing}
        </blockquote>`
      : nothing}
    ${facts(event)}
    ${later === 0
      ? nothing
      : html`<p class="dolen-exact">${t('told_later', { span: spanText(later) })}</p>`}
    ${event.notes.map(
      (note) => html`<p class="dolen-note"><b>${t('note')}</b> ${said(note.title)}</p>`,
    )}
  </li>`;
}

function facts(event: EventLine): TemplateResult {
  const parts = [
    event.matter === 'standing' || event.matter === '' ? '' : matter(event.matter),
    event.reason === '' ? '' : `${t('reason')}: ${reasonText(event.reason)}`,
    event.outcome === '' ? '' : `${t('outcome')}: ${reasonText(event.outcome)}`,
    event.part === '' ? '' : `${t('part')}: ${partText(event.part)}`,
    event.extent === 'open_part' ? t('only_open_part') : '',
  ].filter((one) => one !== '');
  return parts.length === 0 ? html`` : html`<p class="dolen-exact">${parts.join(' · ')}</p>`;
}
