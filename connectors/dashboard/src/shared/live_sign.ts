// Says whether a list follows the record, and how many changes came; the same on every live page.
import { html, type TemplateResult } from 'lit-html';
import type { App } from '../app';
import { timeText, wallOf } from '../dates';
import { now } from '../now';
import type { StreamState } from '../stream';
import { t } from '../words';

export const liveSign = (state: StreamState): TemplateResult =>
  html` <p class="dolen-live dolen-live--${state}" data-live=${state}>
    <span class="dolen-live__dot" aria-hidden="true"></span>
    <span>${t(`live_${state}`)}</span>
    <span class="dolen-live__time">${t('as_it_stands_at', { time: timeText(wallOf(now())) })}</span>
  </p>`;

/** Counts changes between two announcements, so that a burst of them is one sentence. */
export function changeCounter(app: App): (count: number) => void {
  let changes = 0;
  let said = 0;
  return (count) => {
    changes += count;
    const since = performance.now() - said;
    if (since > 10_000) changes = count;
    said = performance.now();
    app.announce(t('changed', { n: changes }));
  };
}
