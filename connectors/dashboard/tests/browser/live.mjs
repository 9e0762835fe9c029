// What changes by itself: items come, move and go without the page being loaded again; a lost
// connection is made again from the last position; the focus and the reader's place stay.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHILDREN, titleOf } from '../mock/rules.mjs';
import { after } from '../mock/times.mjs';
import { closeTab, goTo, onlyMadeUp, settled, tab, world } from './world.mjs';

const itemNamed = (clock, more) => ({ ...world.mock.work.mine[4], clock, ...more });
const live = (page) => page.waitForSelector('[data-live="live"]');

test(
  'an item appears in its place, moves and goes, without loading again',
  onlyMadeUp,
  async () => {
    const page = await tab();
    await goTo(page, '/en/now');
    await live(page);
    await page.evaluate(() => {
      window.sameDocument = true;
    });
    const mock = world.mock;
    const lists = mock.requests.filter((one) => one.startsWith('GET /v1/worklist?')).length;
    mock.push(
      'worklistStream',
      'item',
      itemNamed('NEW/1', {
        due: after(mock.now(), -1.05),
        title: { en: 'New step', cy: 'Cam newydd' },
        child: CHILDREN.nia.key,
      }),
    );
    const first = page.locator('[data-clock="NEW/1"]');
    await first.waitFor();
    assert.equal(await first.evaluate((one) => one.closest('section')?.dataset.group), 'late');
    assert.match(
      await first.innerText(),
      /Late[\s\S]*1 hour late[\s\S]*New step\s*Changed just now/,
    );
    await page.waitForFunction(() =>
      /change/.test(document.querySelector('#said')?.textContent ?? ''),
    );
    mock.push(
      'worklistStream',
      'item',
      itemNamed('NEW/1', {
        due: after(mock.now(), 24 * 20),
        title: titleOf('W-CORE-1'),
        child: CHILDREN.nia.key,
      }),
    );
    await page.waitForSelector('section[data-group="later"] [data-clock="NEW/1"]');
    mock.push('worklistStream', 'gone', { clock: 'NEW/1', child: CHILDREN.nia.key });
    await first.waitFor({ state: 'detached' });
    assert.ok(await page.evaluate(() => window.sameDocument));
    assert.equal(mock.requests.filter((one) => one.startsWith('GET /v1/worklist?')).length, lists);
    await closeTab(page);
  },
);

test(
  'a clock turns late on the screen when its time comes, without a message',
  onlyMadeUp,
  async () => {
    const page = await tab();
    await goTo(page, '/en/now');
    await live(page);
    const mock = world.mock;
    mock.push(
      'worklistStream',
      'item',
      itemNamed('SOON/1', { due: after(mock.now(), 3 / 3600), child: CHILDREN.nia.key }),
    );
    await page.waitForSelector('section[data-group="today"] [data-clock="SOON/1"]');
    await page.waitForSelector('section[data-group="late"] [data-clock="SOON/1"]', {
      timeout: 30_000,
    });
    mock.push('worklistStream', 'gone', { clock: 'SOON/1', child: CHILDREN.nia.key });
    await page.locator('[data-clock="SOON/1"]').waitFor({ state: 'detached' });
    await closeTab(page);
  },
);

test('a change above does not take the focus from what a person is at', onlyMadeUp, async () => {
  const page = await tab();
  await goTo(page, '/en/now');
  await live(page);
  const last = page.locator('.dolen-item summary').nth(3);
  await last.focus();
  const at = await page.evaluate(() => document.activeElement?.closest('li')?.dataset.clock);
  const item = world.mock.work.mine.find((one) => one.clock === at);
  world.mock.push('worklistStream', 'item', { ...item, due: after(world.mock.now(), -200) });
  await page.waitForFunction(
    (clock) =>
      document.querySelector(`li[data-clock="${clock}"]`)?.closest('section')?.dataset.group ===
      'late',
    at,
  );
  assert.equal(await page.evaluate(() => document.activeElement?.closest('li')?.dataset.clock), at);
  world.mock.push('worklistStream', 'item', item);
  await closeTab(page);
});

test(
  'a lost stream is opened again from the last position, and says so meanwhile',
  onlyMadeUp,
  async () => {
    const page = await tab();
    await goTo(page, '/en/now');
    await live(page);
    const mock = world.mock;
    mock.push(
      'worklistStream',
      'item',
      itemNamed('KEPT/1', { due: after(mock.now(), 50), child: CHILDREN.nia.key }),
    );
    await page.waitForSelector('[data-clock="KEPT/1"]');
    const last = `p-${mock.position}`;
    mock.fault = 'down';
    mock.cutStreams();
    await page.waitForSelector('[data-live="waiting"]');
    assert.match(await page.locator('.dolen-live').innerText(), /Connection lost; trying again/);
    assert.ok((await page.locator('.dolen-item').count()) > 5, 'what was there stays to be read');
    mock.fault = null;
    await live(page);
    assert.ok(
      [...mock.streams].some((one) => one.last === last),
      `resumed from ${[...mock.streams].map((one) => one.last)}`,
    );
    mock.push('worklistStream', 'gone', { clock: 'KEPT/1', child: CHILDREN.nia.key });
    await page.locator('[data-clock="KEPT/1"]').waitFor({ state: 'detached' });
    await closeTab(page);
  },
);

test('where the position is gone the list is read again', onlyMadeUp, async () => {
  const page = await tab();
  await goTo(page, '/en/now');
  await live(page);
  const mock = world.mock;
  mock.push(
    'worklistStream',
    'item',
    itemNamed('OLD/1', { due: after(mock.now(), 50), child: CHILDREN.nia.key }),
  );
  await page.waitForSelector('[data-clock="OLD/1"]');
  for (const one of mock.streams) one.response.write('event: reset\ndata: gone\n\n');
  await page.locator('[data-clock="OLD/1"]').waitFor({ state: 'detached' });
  await live(page);
  await closeTab(page);
});

test(
  'an alert that ends leaves the list, and one acted on elsewhere changes',
  onlyMadeUp,
  async () => {
    const page = await tab();
    await goTo(page, '/en/alerts');
    await live(page);
    const [first, second] = world.mock.openAlerts;
    world.mock.push('alertsStream', 'alert', {
      ...first,
      state: 'assigned',
      assigned_to: 'llais_charity',
    });
    await page.waitForSelector(
      `tr:has([data-alert="${first.alert_id}"]) :text("given to Llais charity")`,
    );
    await page.locator('[data-alert] input').nth(3).focus();
    const at = await page.evaluate(() => document.activeElement?.id);
    world.mock.push('alertsStream', 'alert', { ...second, state: 'withdrawn' });
    await page.locator(`[data-alert="${second.alert_id}"]`).waitFor({ state: 'detached' });
    assert.equal(
      await page.evaluate(() => document.activeElement?.id),
      at,
      'the focus stays at its alert',
    );
    await settled(page);
    await closeTab(page);
  },
);

test('a deed is shown though the list has not come so far yet', onlyMadeUp, async () => {
  const page = await tab();
  world.mock.isBehind = true;
  try {
    await goTo(page, '/en/alerts');
    await live(page);
    await page.locator('[data-alert] label').first().click();
    await page.click('[data-deed="acknowledged"]');
    await page.click('.dolen-deed .govuk-button');
    await page.waitForSelector('.dolen-alert-state--acknowledged');
    await live(page);
    assert.equal(await page.locator('[data-failure]').count(), 0);
  } finally {
    world.mock.isBehind = false;
  }
  await closeTab(page);
});

test('long lists are read page by page, and what must be seen whole is', onlyMadeUp, async () => {
  const page = await tab();
  world.mock.pageSize = 3;
  try {
    await goTo(page, '/en/now');
    assert.equal(await page.locator('.dolen-item').count(), 3);
    assert.match(await page.locator('main').innerText(), /The first 3 are shown/);
    for (const expected of [6, 9, 10]) {
      await page.click('text=Show more');
      await page.waitForFunction(
        (n) => document.querySelectorAll('.dolen-item').length === n,
        expected,
      );
    }
    assert.equal(await page.locator('text=Show more').count(), 0);
    await goTo(page, `/en/children/${CHILDREN.mali.key}`);
    assert.match(await page.locator('.dolen-days').innerText(), /Report by telephone/);
    assert.match(await page.locator('.dolen-days').innerText(), /Teaches the youngest/);
    await goTo(page, '/en/handovers');
    assert.deepEqual(await page.locator('.dolen-figure__value').allInnerTexts(), [
      '1',
      '1',
      '1',
      '1',
    ]);
    await goTo(page, '/en/audit');
    await page.click('text=Show more');
    await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 6);
  } finally {
    world.mock.pageSize = 200;
  }
  await closeTab(page);
});
