// The main tasks by keyboard alone: what breaches next, acknowledging, a child as of a date,
// delays.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CHILDREN } from '../mock/rules.mjs';
import { closeTab, goTo, onlyMadeUp, settled, tab, tabTo, world } from './world.mjs';

const focused = (page) =>
  page.evaluate(() => document.activeElement?.textContent?.trim().replace(/\s+/g, ' ') ?? '');
const said = (page) => page.locator('#said').innerText();

test(
  'by keyboard: skip to the content, find what breaches next, open the child',
  onlyMadeUp,
  async () => {
    const page = await tab();
    await goTo(page, '/en/now');
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'Skip to main content');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
    const next = await page.locator('.dolen-next').innerText();
    assert.match(next, /in 2 hours: Report received/);
    await tabTo(page, '.dolen-next a');
    await page.keyboard.press('Enter');
    await settled(page);
    assert.equal(await focused(page), 'One child');
    assert.match(await page.locator('.dolen-identity__name').innerText(), /Mali/);
    await closeTab(page);
  },
);

test(
  'by keyboard: acknowledge one on the worklist, the focus stays at it',
  onlyMadeUp,
  async () => {
    const page = await tab();
    await goTo(page, '/en/now');
    await tabTo(page, '.dolen-item__alert button');
    const item = await page.evaluate(() =>
      document.activeElement?.closest('li')?.getAttribute('data-clock'),
    );
    await page.keyboard.press('Space');
    await page.waitForFunction(
      (clock) =>
        document
          .querySelector(`li[data-clock="${clock}"] .dolen-item__alert`)
          ?.textContent?.includes('Acknowledged'),
      item,
    );
    assert.equal(await said(page), '1 alert acknowledged');
    assert.equal(
      await page.evaluate(() => document.activeElement?.closest('li')?.getAttribute('data-clock')),
      item,
    );
    await closeTab(page);
  },
);

test(
  'by keyboard: choose many alerts and snooze them; without a reason it is not done',
  onlyMadeUp,
  async () => {
    const page = await tab();
    await goTo(page, '/en/alerts');
    await tabTo(page, '#all');
    await page.keyboard.press('Space');
    const count = await page.locator('[data-alert]').count();
    assert.equal(await page.locator('.dolen-toolbar__count').innerText(), `${count} chosen`);
    await tabTo(page, '[data-deed="snoozed"]');
    await page.keyboard.press('Enter');
    assert.match(await focused(page), new RegExp(`^Snooze: ${count} alerts`));
    await tabTo(page, '.dolen-deed .govuk-button');
    await page.keyboard.press('Enter');
    assert.match(await focused(page), /There is a problem.*Write why/);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'deed-note');
    await page.keyboard.type('The school is shut until Monday');
    await tabTo(page, '.dolen-deed .govuk-button');
    await page.keyboard.press('Enter');
    await page.waitForFunction(
      () => document.querySelectorAll('.dolen-alert-state--snoozed').length > 1,
    );
    assert.equal(await said(page), `${count} alerts snoozed`);
    assert.equal(await page.locator('.dolen-alert-state--snoozed').count(), count);
    await goTo(page, `/en/alerts/${world.mock.openAlerts[0].alert_id}`);
    assert.match(
      await page.locator('.dolen-trail').innerText(),
      /sian: Snoozed[\s\S]*The school is shut until Monday/,
    );
    await closeTab(page);
  },
);

test(
  'an alert is assigned, resolved and noted on its own page, and Escape leaves the form',
  onlyMadeUp,
  async () => {
    const page = await tab();
    await goTo(page, `/en/alerts/${world.mock.openAlerts[1].alert_id}`);
    await page.click('[data-deed="assigned"]');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.dolen-deed').count(), 0);
    await page.click('[data-deed="assigned"]');
    await page.fill('#deed-to', 'gwynfryn_council/care');
    await page.click('.dolen-deed .govuk-button');
    await page.waitForSelector('text=given to Gwynfryn council/care');
    await page.click('[data-deed="noted"]');
    await page.fill('#deed-note', 'Asked the head teacher');
    await page.click('.dolen-deed .govuk-button');
    await page.waitForSelector('text=Asked the head teacher');
    await page.click('[data-deed="resolved"]');
    await page.fill('#deed-note', 'Agreed with the board');
    await page.click('.dolen-deed .govuk-button');
    await page.waitForSelector('.dolen-alert-state--resolved');
    await closeTab(page);
  },
);

test(
  'by keyboard: look at a child as of a day, by slider and by date, and come back',
  onlyMadeUp,
  async () => {
    const page = await tab();
    await goTo(page, `/en/children/${CHILDREN.mali.key}`);
    assert.match(await page.locator('.dolen-voice').innerText(), /what happens next/);
    await tabTo(page, '#asof-slider');
    for (let n = 0; n < 12; ++n) await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(
      () =>
        new URLSearchParams(location.search).get('as_of') ===
        new Date(Number(document.querySelector('#asof-slider').value) * 86_400_000)
          .toISOString()
          .slice(0, 10),
    );
    await settled(page);
    await page.waitForFunction(
      () => !document.querySelector('.dolen-voice')?.textContent?.includes('what happens next'),
    );
    assert.match(await page.locator('[data-asof]').innerText(), /^as it was at the end of /);
    assert.match(await page.locator('.dolen-voice').innerText(), /stay at my school/);
    assert.doesNotMatch(await page.locator('.dolen-days').innerText(), /Initial conference/);
    assert.match(await page.locator('#told').locator('..').innerText(), /not kept here/);
    await page.waitForFunction(() =>
      document.querySelector('#said')?.textContent?.startsWith('as it was'),
    );
    await tabTo(page, '[data-back]');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.search === '');
    await page.waitForFunction(() =>
      document.querySelector('.dolen-voice')?.textContent?.includes('what happens next'),
    );
    await page.fill(
      '#asof-date',
      await page
        .locator('#asof-slider')
        .evaluate((one) => new Date(Number(one.min) * 86_400_000).toISOString().slice(0, 10)),
    );
    await page.waitForFunction(() => document.querySelectorAll('.dolen-day').length === 1);
    await closeTab(page);
  },
);

test('what was recorded later is left out of what was known', onlyMadeUp, async () => {
  const page = await tab();
  const day = (back) => new Date(world.mock.at - back * 86_400_000).toISOString().slice(0, 10);
  await goTo(page, `/en/children/${CHILDREN.mali.key}?as_of=${day(5)}`);
  assert.match(await page.locator('.dolen-days').innerText(), /Outline plan sent round/);
  await goTo(page, `/en/children/${CHILDREN.mali.key}?known_at=${day(5)}`);
  assert.doesNotMatch(await page.locator('.dolen-days').innerText(), /Outline plan sent round/);
  await closeTab(page);
});

test('by keyboard: compare delays of agencies and sort the table', onlyMadeUp, async () => {
  const page = await tab();
  await goTo(page, '/en/delays');
  const ours = await page.locator('.dolen-figure__value').first().innerText();
  await tabTo(page, '#range-agency');
  await page.keyboard.press('Home'); // all agencies
  await page.waitForFunction(
    (before) => document.querySelector('.dolen-figure__value')?.textContent !== before,
    ours,
  );
  await settled(page);
  await tabTo(page, 'section[aria-labelledby="by-rule"] summary');
  await page.keyboard.press('Enter');
  await tabTo(page, 'section[aria-labelledby="by-rule"] th button');
  for (const expected of ['ascending', 'descending']) {
    await page.keyboard.press('Enter');
    assert.equal(
      await page.evaluate(() => document.activeElement?.closest('th')?.getAttribute('aria-sort')),
      expected,
    );
  }
  assert.match(await said(page), /^Sorted by Step, largest first/);
  const steps = await page
    .locator('section[aria-labelledby="by-rule"] details tbody tr')
    .evaluateAll((rows) => rows.map((row) => row.querySelector('th')?.textContent?.trim() ?? ''));
  assert.ok(steps.length > 20 && steps[0] > steps[steps.length - 1]);
  await closeTab(page);
});

test('the table of a page is saved as a file for spreadsheets', async () => {
  const page = await tab();
  await goTo(page, '/en/delays');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.click('[data-save="delay"]'),
  ]);
  assert.equal(file.suggestedFilename(), 'dolen-delay.csv');
  const lines = readFileSync(await file.path(), 'utf8').split('\r\n');
  assert.match(lines[0], /^agency,rule/);
  assert.ok(lines.length > 2);
  assert.match(await said(page), /table was saved/);
  await closeTab(page);
});

test('a board sees small numbers in words', onlyMadeUp, async () => {
  const page = await tab('bronwen');
  await goTo(page, '/en/delays');
  const text = await page.locator('main').innerText();
  assert.match(text, /Numbers below 5 are not shown/);
  const shares = await page.locator('section[aria-labelledby="whose"]').innerText();
  assert.match(shares, /On average, of those done late: 31 hours late/);
  assert.match(shares, /With nobody|Nobody’s/);
  assert.match(shares, /\d+ %/);
  assert.doesNotMatch(shares, /\d+ days/, 'no sum of times');
  await page.click('section[aria-labelledby="by-rule"] summary');
  assert.match(
    await page.locator('section[aria-labelledby="by-rule"]').innerText(),
    /fewer than 5/,
  );
  const counts = await page
    .locator('section[aria-labelledby="by-rule"] details td.dolen-table__number')
    .allInnerTexts();
  for (const count of counts) assert.doesNotMatch(count, /^[1-4]$/m);
  await closeTab(page);
});

test('a result of simulate is shown and never sent anywhere', onlyMadeUp, async () => {
  const page = await tab();
  await goTo(page, '/en/rules/what-if');
  const group = {
    clocks: { before: 6, after: 6 },
    states: { in_time: { before: 3, after: 1 }, late: { before: 2, after: 4 } },
    changed: { clocks: 6, children: 4 },
    moves: [],
    due_earlier: {},
    due_later: {},
    late_minutes: { before: 1, after: 9, more: 10080, less: 0 },
    raised: {},
    escalated: {},
  };
  const summary = {
    drafts: [{ book: 'demo', version: '2026-01' }],
    from: null,
    to: null,
    at: '2026-02-20T10:00:00Z',
    events: 64,
    listed: 1,
    children: {
      all: 12,
      changed: 4,
      late_before: 6,
      late_after: 8,
      newly_late: 2,
      no_longer_late: 0,
    },
    all: group,
    rules: { 'DEMO-ANSWER': group },
    agencies: { camhs_dyffryn: group },
  };
  const clock = {
    child: '3f2a91c0',
    rule: 'DEMO-ANSWER',
    clock: 'DEMO-ANSWER/1',
    before: { state: 'in_time', due: '2026-01-30T00:00:00Z', late_minutes: 0, accountable: 'a' },
    after: { state: 'late', due: '2026-01-28T00:00:00Z', late_minutes: 9, accountable: 'a' },
    due_moved_minutes: -2880,
  };
  const before = world.mock.requests.length;
  await page.setInputFiles('#file', {
    name: 'what-if.json',
    mimeType: 'application/json',
    buffer: Buffer.from(`${JSON.stringify(clock)}\n${JSON.stringify({ summary })}\n`),
  });
  await page.waitForSelector('#what-if-result');
  const text = await page.locator('main').innerText();
  assert.match(text, /What if demo 2026-01 judged/);
  assert.match(text, /6 → 8/);
  assert.match(text, /by the end of Tue 27 January 2026/);
  assert.equal(world.mock.requests.length, before);
  await page.setInputFiles('#file', {
    name: 'x.json',
    mimeType: 'application/json',
    buffer: Buffer.from('<b>no</b>'),
  });
  await page.waitForSelector('text=This file is not JSON');
  assert.equal(await page.locator('#what-if-result').count(), 0);
  await closeTab(page);
});
