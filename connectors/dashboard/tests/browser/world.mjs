// What the browser tests work with: a browser, and an installation to open in it. That is the
// made-up one, or a real one that DOLEN_DASHBOARD_URL names, signed in to as DOLEN_DASHBOARD_PERSON
// of its development sign-in, reading for DOLEN_DASHBOARD_PURPOSE (else the first that is offered).
// DOLEN_DASHBOARD_SHOTS names a folder for pictures of every page.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import { MockServer } from '../mock/server.mjs';

const BROWSERS = [
  process.env.DOLEN_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Steps of Tab after which something that a person looks for must have come. */
const MOST_TABS = 150;

export const isReal = Boolean(process.env.DOLEN_DASHBOARD_URL);
export const onlyMadeUp = isReal ? { skip: 'needs the made-up installation' } : {};
export const person = process.env.DOLEN_DASHBOARD_PERSON ?? 'sian';

/** Why that person reads; null: for the first purpose that is offered. */
export const usualPurpose = process.env.DOLEN_DASHBOARD_PURPOSE ?? null;

/** `demo`: a real installation that was started for the tests (scripts/demo.mjs). */
export const world = {
  browser: null,
  mock: null,
  demo: null,
  url: process.env.DOLEN_DASHBOARD_URL ?? '',
};

export async function open() {
  const executablePath = BROWSERS.find((one) => one && existsSync(one));
  assert.ok(
    executablePath,
    'no Chromium: run deploy/install-packages browser, or set DOLEN_CHROMIUM',
  );
  world.browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  if (!isReal) {
    world.mock = new MockServer();
    world.url = await world.mock.listen();
  }
}

export async function close() {
  await world.browser?.close();
  await world.mock?.close();
}

/** A new tab, for somebody; null: not signed in. What goes wrong in it is kept in page.faults. */
export async function tab(
  who = person,
  { width = 1280, height = 900, language = 'en', purpose = purposeOf(who), ...more } = {},
) {
  const context = await world.browser.newContext({
    viewport: { width, height },
    locale: 'en-GB',
    timezoneId: 'America/New_York',
    ...more,
  });
  const page = await context.newPage();
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      page.faults.push(message.text());
  });
  page.setDefaultTimeout(15_000);
  if (who !== null) await signIn(page, who, { language, purpose });
  return page;
}

const purposeOf = (who) => (who === person ? usualPurpose : null);

export async function signIn(page, who, { language = 'en', path = 'now', purpose = null } = {}) {
  await page.goto(`${world.url}/${language}/${path}`);
  await page.click(`[data-person="${who}"]`);
  await page.waitForSelector('[name="purpose"], .dolen-header__who a');
  const asked = page.locator('[name="purpose"]');
  if ((await asked.count()) > 0) {
    await (purpose === null ? asked.first() : page.locator(`[value="${purpose}"]`)).check();
    await page.click('main form button');
  }
  await page.waitForSelector('.dolen-header__who a');
}

export async function goTo(page, path) {
  await page.goto(`${world.url}${path}`);
  await settled(page);
}

/** Until nothing is loading any more. */
export async function settled(page) {
  await page.waitForFunction(
    () =>
      document.querySelector('h1') !== null &&
      document.querySelector('.dolen-loading, [aria-busy="true"]') === null,
  );
}

export async function closeTab(page) {
  assert.deepEqual(page.faults, []);
  await page.context().close();
}

/** What axe finds wrong, as lines that say where. */
export async function violationsOf(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(
    async (tags) =>
      (
        await window.axe.run(document, {
          runOnly: { type: 'tag', values: tags },
          resultTypes: ['violations'],
        })
      ).violations,
    TAGS,
  );
  return found.flatMap((one) =>
    one.nodes.map(
      (node) =>
        `${one.id}: ${node.target.join(' ')}: ${node.failureSummary.split('\n')[1]?.trim()}`,
    ),
  );
}

export const widerThanScreen = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** Presses Tab until what has the focus fits; each stop on the way must show that it has it. */
export async function tabTo(page, selector) {
  const passed = [];
  for (let n = 0; n < MOST_TABS; ++n) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate((wanted) => {
      const element = document.activeElement;
      if (!element || element === document.body)
        return { name: 'nothing', fits: false, shows: true };
      const style = getComputedStyle(element);
      const label = element.matches('[type="radio"], [type="checkbox"]')
        ? getComputedStyle(element.nextElementSibling, '::before')
        : style;
      const shows =
        style.outlineStyle !== 'none' ||
        style.boxShadow !== 'none' ||
        label.boxShadow !== 'none' ||
        label.outlineStyle !== 'none';
      return { name: element.outerHTML.slice(0, 80), fits: element.matches(wanted), shows };
    }, selector);
    assert.ok(seen.shows, `the focus cannot be seen on ${seen.name}`);
    if (seen.fits) return;
    passed.push(seen.name);
  }
  assert.fail(`no ${selector} is reached by Tab; passed ${passed.slice(0, 30).join(' | ')}`);
}
