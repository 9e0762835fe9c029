// Every page, in both languages, wide and narrow: it shows what it should, nothing is cut off, no
// rule of accessibility that a program can check is broken, and the language is switched on the
// same page.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CHILDREN } from '../mock/rules.mjs';
import {
  closeTab,
  goTo,
  isReal,
  person,
  settled,
  tab,
  violationsOf,
  widerThanScreen,
  world,
} from './world.mjs';

const shots = process.env.DOLEN_DASHBOARD_SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

/** A child and an alert that the person may see. */
async function known(page) {
  if (!isReal) return { child: CHILDREN.mali.key, alert: world.mock.openAlerts[0].alert_id };
  await goTo(page, '/en/alerts');
  const links = await page
    .locator('main a[href^="/en/"]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  const find = (part) =>
    links.map((one) => new RegExp(`/${part}/([0-9a-f]{32})`).exec(one)?.[1]).find(Boolean);
  return { child: find('children'), alert: find('alerts') };
}

const pages = ({ child, alert }) => ({
  now: '/now',
  waiting: '/now?whose=waiting',
  alerts: '/alerts',
  ...(alert ? { alert: `/alerts/${alert}` } : {}),
  children: '/children',
  ...(child
    ? {
        child: `/children/${child}`,
        family: `/children/${child}/family`,
        readers: `/children/${child}/readers`,
        emergency: `/children/${child}/emergency`,
        past: `/children/${child}?as_of=${dayBack(9)}&known_at=${dayBack(5)}`,
      }
    : {}),
  handovers: '/handovers',
  delays: '/delays',
  agencies: '/agencies',
  rules: '/rules',
  what_if: '/rules/what-if',
  audit: '/audit',
  purpose: '/purpose',
  missing: '/no-such-page',
});

/** A real installation opens these to others, or for another purpose. */
const READ_AS = isReal
  ? {
      readers: { who: person, purpose: 'subject_request' },
      audit: { who: 'aled', purpose: 'audit' },
    }
  : {};

const dayBack = (days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

async function lookInBoth(page, name, path, width) {
  await goTo(page, `/en${path}`);
  await page.evaluate(() => {
    for (const one of document.querySelectorAll('main details')) one.open = true;
  });
  await look(page, name, 'en', width);
  const title = await page.locator('h1').innerText();
  await page.click('[data-language]');
  assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, `/cy${path}`);
  assert.notEqual(await page.locator('h1').innerText(), title);
  await look(page, name, 'cy', width);
}

async function look(page, name, language, width) {
  const where = `${name}, ${language}, ${width} px`;
  await settled(page);
  assert.equal(await page.getAttribute('html', 'lang'), language, where);
  assert.equal(
    await page.locator('[data-failure]').count(),
    0,
    `${where}: ${await page.locator('main').innerText()}`,
  );
  assert.equal(await page.locator('h1').count(), 1, where);
  assert.match(await page.title(), /^.+ – Dolen$/, where);
  if (width === 320) {
    const labels = page.locator('td > .dolen-table__label:not(details *)');
    if ((await labels.count()) > 0) {
      assert.ok(await labels.first().isVisible(), `${where}: numbers without what they are`);
    }
  }
  assert.ok((await widerThanScreen(page)) <= 0, `${where} is wider than the screen`);
  assert.deepEqual(await violationsOf(page), [], where);
  assert.doesNotMatch(
    await page.locator('body').innerText(),
    /\bundefined\b|\bNaN\b|\[object|\{\w+\}/,
    where,
  );
  if (shots)
    await page.screenshot({
      path: join(shots, `${name}-${language}-${width}.png`),
      fullPage: true,
    });
}

for (const width of [1280, 320]) {
  test(`every page holds in both languages at ${width} px`, async (t) => {
    const page = await tab(undefined, { width });
    const all = pages(await known(page));
    for (const [name, path] of Object.entries(all)) {
      await t.test(name, async () => {
        const as = READ_AS[name];
        if (as === undefined) return lookInBoth(page, name, path, width);
        const other = await tab(as.who, { width, purpose: as.purpose });
        await lookInBoth(other, name, path, width);
        await closeTab(other);
      });
    }
    await closeTab(page);
  });
}

test('the sign-in page holds, and the chosen language is remembered', async () => {
  const page = await tab(null, { width: 320 });
  await goTo(page, '/');
  assert.equal(new URL(page.url()).pathname, '/en/now');
  await page.waitForSelector('.dolen-person, [data-provider]');
  assert.deepEqual(await violationsOf(page), []);
  await page.click('[data-language]');
  assert.deepEqual(await violationsOf(page), []);
  await goTo(page, '/');
  assert.equal(new URL(page.url()).pathname, '/cy/now');
  assert.equal(await page.getAttribute('html', 'lang'), 'cy');
  await closeTab(page);
});
