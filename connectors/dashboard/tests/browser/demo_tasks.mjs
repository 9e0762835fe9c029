// The main tasks against the real program's story: what breaches next, acknowledging, a child as of
// a date, whose time a delay was, and a list that follows what agencies publish. What the program
// answers over its API is the judge.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { closeTab, goTo, settled, tab, tabTo, violationsOf, world } from './world.mjs';

const HERO = '9990000018';
const said = (page) => page.locator('#said').innerText();

/** Asks as a page would, without one. */
async function ask(path, { who = 'sian', purpose = 'supervision', body } = {}) {
  const send = (to, headers, content) =>
    fetch(`${world.url}${to}`, {
      method: content === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      ...(content === undefined ? {} : { body: JSON.stringify(content) }),
    });
  const signed = await (await send('/v1/sign-in/development', {}, { id: who })).json();
  const answer = await send(
    path,
    { authorization: `Bearer ${signed.access_token}`, 'dolen-purpose': purpose },
    body,
  );
  assert.equal(answer.status, 200, `${path}: ${answer.status}`);
  return answer.json();
}

const hero = async () =>
  (await ask('/v1/children/find', { body: { issuer: 'nhs', value: HERO } })).child;

/** Publishes as the council's own system does, now. */
async function publish(...milestones) {
  const folder = mkdtempSync(join(tmpdir(), 'dolen-demo-'));
  const events = milestones.map((milestone, place) => ({
    contract: 1,
    open: {
      eventId: `browser-${milestone}`,
      agency: 'gwynfryn_council',
      occurred: { instant: new Date(Date.now() - 2 + place).toISOString() },
      kind: 'KIND_MILESTONE_REACHED',
      milestone,
      matter: { agency: 'gwynfryn_council', id: 'R-999' },
    },
    private: { child: [{ issuer: 'nhs', value: '9990000247' }], text: 'made up' },
  }));
  try {
    writeFileSync(join(folder, 'events.json'), JSON.stringify(events));
    await world.demo.dolen('publish', join(folder, 'events.json'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('by keyboard: find what breaches next, and open the child', async () => {
  const page = await tab();
  await goTo(page, '/en/now');
  const { at, items } = await ask('/v1/worklist?whose=mine');
  // As of now, however long ago the last record of any shard came.
  assert.ok(Math.abs(Date.parse(at) - Date.now()) < 30_000, `the record stands at ${at}`);
  assert.equal(await page.locator('.dolen-behind').count(), 0);
  const ahead = items
    .filter((one) => one.due !== null && Date.parse(one.due) > Date.parse(at))
    .filter((one) => one.state === 'running')
    .sort((a, b) => Date.parse(a.due) - Date.parse(b.due));
  assert.ok(ahead.length > 0, 'the story leaves something to do');
  const next = await page.locator('.dolen-next').innerText();
  assert.ok(next.includes(ahead[0].title.en), `${next} tells ${ahead[0].title.en}`);
  await tabTo(page, '.dolen-next a');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.dolen-day');
  assert.equal(new URL(page.url()).pathname, `/en/children/${ahead[0].child}`);
  await closeTab(page);
});

test('by keyboard: acknowledge, and the record has it in one’s own name', async () => {
  const page = await tab();
  await goTo(page, '/en/now');
  await tabTo(page, '.dolen-item__alert button');
  const row = await page.evaluate(() => ({ ...document.activeElement.closest('li').dataset }));
  await page.keyboard.press('Space');
  await page.waitForFunction(
    ({ clock, child }) =>
      document
        .querySelector(`li[data-clock="${clock}"][data-child="${child}"] .dolen-item__alert`)
        ?.textContent?.includes('Acknowledged'),
    row,
  );
  assert.equal(await said(page), '1 alert acknowledged');
  const { items } = await ask('/v1/alerts');
  const alert = items.find((one) => one.clock === row.clock && one.child === row.child);
  assert.equal(alert?.state, 'acknowledged');
  await goTo(page, `/en/alerts/${alert.alert_id}`);
  assert.match(await page.locator('.dolen-trail').innerText(), /sian: Acknowledged/);
  await closeTab(page);
});

test('a child by a number, and as it was before the request was declined', async () => {
  const page = await tab();
  await goTo(page, '/en/children');
  await page.fill('#value', '999 000 0018');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.dolen-identity__name');
  const days = page.locator('.dolen-days');
  assert.match(await days.innerText(), /Request declined[\s\S]*Threshold not met/);
  assert.match(await days.innerText(), /Dyffryn CAMHS/);
  const { events } = await ask(`/v1/children/${await hero()}/timeline`);
  const declined = events.find((one) => one.event === 'referral_declined');
  const before = new Date(Date.parse(declined.occurred) - 86_400_000).toISOString().slice(0, 10);
  const [steps, day] = await page
    .locator('#asof-slider')
    .evaluate(
      (one, wanted) => [Number(one.value) - Date.parse(wanted) / 86_400_000, Number(one.value)],
      before,
    );
  assert.ok(steps > 0, `the slider stands at ${day}, after ${before}`);
  await tabTo(page, '#asof-slider');
  for (let n = 0; n < steps; ++n) await page.keyboard.press('ArrowLeft');
  await page.waitForFunction((wanted) => location.search.includes(`as_of=${wanted}`), before);
  await page.waitForFunction(
    () => !document.querySelector('.dolen-days')?.textContent?.includes('Request declined'),
  );
  assert.match(await days.innerText(), /Help asked for/);
  assert.deepEqual(await violationsOf(page), []);
  await page.click('[data-back]');
  await page.waitForFunction(() =>
    document.querySelector('.dolen-days')?.textContent?.includes('Request declined'),
  );
  await closeTab(page);
});

test('whose time a delay was: the council’s own numbers, and what the board sees', async () => {
  const page = await tab();
  await goTo(page, '/en/delays');
  await page.selectOption('#range-rule', 'DEMO-ANSWER');
  const whose = page.locator('section[aria-labelledby="whose"]');
  await page.waitForFunction(() =>
    document.querySelector('section[aria-labelledby="whose"]')?.textContent?.includes('CAMHS'),
  );
  await settled(page);
  const { total } = await ask('/v1/delay?agency=gwynfryn_council&rule=DEMO-ANSWER');
  const most = [...total.minutes].sort((a, b) => b.minutes - a.minutes)[0];
  assert.equal(most.who, 'camhs_dyffryn', 'the story’s longest wait was for CAMHS');
  assert.ok((await whose.innerText()).includes(`${most.percent} %`));
  await closeTab(page);
  const board = await tab('bronwen');
  await goTo(board, '/en/delays');
  assert.match(await board.locator('main').innerText(), /Numbers below 5 are not shown/);
  for (const one of await board.locator('section[aria-labelledby="by-rule"] summary').all()) {
    await one.click();
  }
  assert.match(await board.locator('main').innerText(), /fewer than 5/);
  await closeTab(board);
});

test('what an agency publishes comes and goes on the list, without loading again', async () => {
  const page = await tab();
  await goTo(page, '/en/now');
  await page.waitForSelector('[data-live="live"]');
  await page.evaluate(() => {
    window.sameDocument = true;
  });
  await publish('report_received');
  const item = page.locator('[data-clock^="W-RPT-DECIDE/gwynfryn_council:R-999"]');
  await item.waitFor();
  assert.match(await item.innerText(), /next action decided and recorded/);
  await publish('next_action_decided', 'decision_recorded');
  await item.waitFor({ state: 'detached' });
  assert.ok(await page.evaluate(() => window.sameDocument));
  await closeTab(page);
});

test('agencies go by the book’s names, in both languages', async () => {
  const page = await tab();
  await goTo(page, '/en/now');
  assert.equal(await page.locator('.dolen-header__agency').innerText(), 'Gwynfryn Council');
  await page.click('[data-language]');
  await page.waitForSelector('html[lang="cy"]');
  assert.equal(await page.locator('.dolen-header__agency').innerText(), 'Cyngor Gwynfryn');
  await closeTab(page);
});
