// Who may see what, and what the pages give away: states without permission, signing in and out,
// breaking the glass, the content policy, and that nothing personal is in an address, a title or
// kept beyond the tab.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHILDREN, STRANGER } from '../mock/rules.mjs';
import { startProvider } from '../mock/provider.mjs';
import { closeTab, goTo, onlyMadeUp, settled, signIn, tab, violationsOf, world } from './world.mjs';

test('whoever is not signed in comes back to the page they wanted', async () => {
  const page = await tab(null);
  await signIn(page, 'sian', { language: 'cy', path: 'handovers' });
  assert.equal(new URL(page.url()).pathname, '/cy/handovers');
  await settled(page);
  assert.equal(await page.locator('h1').innerText(), 'Trosglwyddo');
  await closeTab(page);
});

test(
  'a token that is not accepted any more leads to signing in, and back',
  onlyMadeUp,
  async () => {
    const page = await tab();
    world.mock.tokens.clear();
    await page.click('a[href="/en/handovers"]');
    await page.waitForSelector('.dolen-person');
    assert.equal(await page.locator('.dolen-navigation').count(), 0);
    await page.click('[data-person="sian"]');
    await page.waitForSelector('[name="purpose"]');
    await page.check('#purpose-0');
    await page.click('main form button');
    await page.waitForSelector('#held');
    assert.equal(new URL(page.url()).pathname, '/en/handovers');
    await closeTab(page);
  },
);

test('whose token runs out soon is told before', onlyMadeUp, async () => {
  world.mock.hoursLeft = 0.05;
  try {
    const page = await tab();
    assert.match(await page.locator('.dolen-behind').innerText(), /Your session ends at \d\d:\d\d/);
    await closeTab(page);
  } finally {
    world.mock.hoursLeft = 8;
  }
});

test('signing out forgets everything of the session', async () => {
  const page = await tab();
  await page.click('.dolen-header__out');
  await page.waitForSelector('.dolen-person');
  const kept = await page.evaluate(() => ({
    session: { ...sessionStorage },
    local: { ...localStorage },
  }));
  assert.deepEqual(kept, { session: {}, local: { 'dolen.language': 'en' } });
  await closeTab(page);
});

test('the purpose is asked once, goes with each read, and can be changed', async () => {
  const page = await tab(null);
  await page.goto(`${world.url}/en/now`);
  await page.click('[data-person="sian"]');
  await page.waitForSelector('[name="purpose"]');
  await page.click('main form button');
  await page.waitForSelector('.govuk-error-summary');
  assert.deepEqual(await violationsOf(page), []);
  await page.check('[value="supervision"]');
  await page.click('main form button');
  const [request] = await Promise.all([
    page.waitForRequest(/\/v1\/alerts\?/),
    page.click('nav a[href="/en/alerts"]'),
  ]);
  assert.equal(request.headers()['dolen-purpose'], 'supervision');
  await page.click('.dolen-header__who a');
  await page.check('[value="direct_work"]');
  await page.click('main form button');
  const [later] = await Promise.all([
    page.waitForRequest(/\/v1\/handovers/),
    page.click('nav a[href="/en/handovers"]'),
  ]);
  assert.equal(later.headers()['dolen-purpose'], 'direct_work');
  await closeTab(page);
});

test('pages that a role does not open are not offered, and say so', async () => {
  const page = await tab('aled');
  assert.deepEqual(await page.locator('.dolen-navigation a').allInnerTexts(), ['Rules', 'Audit']);
  await goTo(page, '/en/now');
  assert.equal(await page.locator('[data-failure="forbidden"]').count(), 1);
  assert.deepEqual(await violationsOf(page), []);
  await closeTab(page);
});

test('another purpose is offered where it may open the page, and leads back', async () => {
  const page = await tab(undefined, { purpose: 'direct_work' });
  await page.click('.dolen-header__who a');
  await page.waitForSelector('[name="purpose"]');
  await page.goBack();
  await goTo(page, '/en/handovers');
  await page.click('.dolen-header__who a');
  await page.check('[value="supervision"]');
  await page.click('main form button');
  await page.waitForSelector('#held');
  assert.equal(new URL(page.url()).pathname, '/en/handovers');
  await closeTab(page);
});

test('an agency with nothing to do is told so on every page', onlyMadeUp, async () => {
  const page = await tab('tomos');
  for (const path of ['now', 'now?whose=waiting', 'alerts', 'handovers']) {
    await goTo(page, `/en/${path}`);
    assert.ok((await page.locator('.dolen-empty').count()) > 0, path);
    assert.deepEqual(await violationsOf(page), [], path);
  }
  await closeTab(page);
});

test(
  'unknown and forbidden children look the same; the glass is broken with a reason',
  onlyMadeUp,
  async () => {
    const page = await tab();
    const look = async (number) => {
      await goTo(page, '/en/children');
      await page.fill('#value', number);
      await page.click('main form button');
      await page.waitForSelector('[data-failure="not_found"]');
      return (await page.locator('main').innerHTML())
        .replace(/<!--.*?-->/g, '')
        .replaceAll(number, '');
    };
    assert.equal(await look('9990009999'), await look('999 000 0077'));
    await page.click('details summary');
    assert.deepEqual(await violationsOf(page), []);
    await page.click('.govuk-button--warning');
    await page.waitForSelector('.govuk-error-summary');
    await page.fill('#reason', 'Found alone at night, nobody at home');
    await page.click('.govuk-button--warning');
    await page.waitForSelector('.dolen-identity__name');
    assert.match(
      await page.locator('main').innerText(),
      /Non Anhysbys[\s\S]*Opened in an emergency/,
    );
    assert.deepEqual(await violationsOf(page), []);
    const [request] = await Promise.all([
      page.waitForRequest(/\/v1\/worklist/),
      page.click('nav a[href="/en/now"]'),
    ]);
    assert.notEqual(
      request.headers()['dolen-purpose'],
      'emergency',
      'only that child is read in an emergency',
    );
    await closeTab(page);
  },
);

test(
  'a child whom one may not know offers the glass, to those who may break it',
  onlyMadeUp,
  async () => {
    const page = await tab();
    world.mock.emergencies.clear();
    await goTo(page, `/en/children/${STRANGER.key}`);
    assert.equal(await page.locator('[data-failure="not_found"]').count(), 1);
    await page.click('main a[href$="/emergency"]');
    await page.fill('#reason', 'Found alone at night, nobody at home');
    await page.click('main form button');
    await page.waitForSelector('.dolen-identity__name');
    await closeTab(page);
    const other = await tab('tomos');
    await goTo(other, `/en/children/${STRANGER.key}`);
    assert.equal(await other.locator('main a[href$="/emergency"]').count(), 0);
    await closeTab(other);
  },
);

test(
  'a number is found by spaces or none, and no address holds it, nor a name',
  onlyMadeUp,
  async () => {
    const page = await tab();
    await goTo(page, '/en/children');
    await page.fill('#value', ' 999 000 0018 ');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.dolen-identity__name');
    assert.equal(new URL(page.url()).pathname, `/en/children/${CHILDREN.mali.key}`);
    assert.equal(await page.title(), 'One child – Dolen');
    for (const request of world.mock.requests)
      assert.doesNotMatch(request, /9990000018|999%20|Mali|Enghraifft/i);
    await closeTab(page);
  },
);

test('the program being down or busy is said, and can be tried again', onlyMadeUp, async () => {
  const page = await tab();
  for (const [fault, failure] of [
    ['down', 'unreachable'],
    ['busy', 'busy'],
  ]) {
    world.mock.fault = fault;
    await page.click('nav a[href="/en/handovers"]');
    await page.waitForSelector(`[data-failure="${failure}"]`);
    assert.deepEqual(await violationsOf(page), []);
    world.mock.fault = null;
    while ((await page.locator('[data-failure] button').count()) > 0) {
      await page.locator('[data-failure] button').first().click();
      await settled(page);
    }
    await page.waitForSelector('#part-gap');
    await page.click('nav a[href="/en/rules"]');
  }
  await closeTab(page);
});

test('the content policy is the strictest, and nothing in the pages breaks it', async () => {
  const page = await tab(null);
  const response = await page.goto(`${world.url}/en/now`);
  const policy = response.headers()['content-security-policy'];
  for (const part of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]) {
    assert.ok(policy.includes(part), `${part} in ${policy}`);
  }
  assert.doesNotMatch(policy, /unsafe|\*|data:/);
  assert.equal(
    await page.evaluate(
      () => document.querySelectorAll('style, script:not([src]), [style]').length,
    ),
    0,
  );
  await closeTab(page);
});

test('what a book or an event holds is text, never markup', onlyMadeUp, async () => {
  const page = await tab();
  await goTo(page, '/en/now');
  await page.waitForSelector('[data-live="live"]');
  const evil = '<img src=x onerror="window.bad=1"><script>window.bad=1</script>';
  const item = {
    ...world.mock.work.mine[0],
    clock: 'EVIL/1',
    title: { en: evil, cy: evil },
    source: evil,
    matter: evil,
  };
  world.mock.push('worklistStream', 'item', item);
  await page.waitForSelector('[data-clock="EVIL/1"]');
  assert.ok((await page.locator('[data-clock="EVIL/1"] h3').innerText()).includes('<img src=x'));
  assert.equal(await page.evaluate(() => window.bad), undefined);
  world.mock.push('worklistStream', 'gone', item);
  await closeTab(page);
});

test(
  'signing in with a provider: code, PKCE, and only what was asked for here',
  onlyMadeUp,
  async () => {
    const provider = await startProvider(() => world.mock.tokenFor('sian').access_token, world.url);
    world.mock.signInKind = {
      kind: 'oidc',
      issuer: provider.url,
      client_id: 'dolen-dashboard',
      scope: 'openid dolen',
    };
    world.mock.extraConnect = ` ${provider.url}`;
    try {
      const page = await tab(null);
      await page.goto(`${world.url}/en/alerts`);
      await page.click('[data-provider]');
      await page.waitForSelector('[name="purpose"]');
      assert.equal(provider.verified, 1);
      await page.check('#purpose-0');
      await page.click('main form button');
      await page.waitForSelector('[data-alert]');
      assert.equal(new URL(page.url()).pathname, '/en/alerts');
      assert.equal(await page.evaluate(() => sessionStorage.getItem('dolen.sign_in')), null);
      await page.goto(`${world.url}/en/signed-in?code=stolen&state=guessed`);
      await page.waitForSelector('[role="alert"]');
      assert.match(await page.locator('main').innerText(), /not asked for here/);
      assert.equal(new URL(page.url()).search, '');
      await closeTab(page);
    } finally {
      world.mock.signInKind = { kind: 'development' };
      world.mock.extraConnect = '';
      await provider.close();
    }
  },
);

test(
  'people who asked for less movement get none, and paper gets no menus',
  onlyMadeUp,
  async () => {
    const page = await tab(undefined, { reducedMotion: 'reduce' });
    await page.route('**/v1/handovers*', () => {});
    await page.click('nav a[href="/en/handovers"]');
    await page.waitForSelector('.dolen-loading__sign');
    assert.equal(
      await page
        .locator('.dolen-loading__sign')
        .first()
        .evaluate((one) => getComputedStyle(one).animationName),
      'none',
    );
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await goTo(page, `/cy/children/${CHILDREN.mali.key}`);
    await page.emulateMedia({ media: 'print' });
    for (const hidden of ['.dolen-navigation', '.dolen-header', '#asof-slider', '.dolen-footer']) {
      assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
    }
    for (const shown of ['.dolen-voice', '.dolen-days', '.dolen-identity__name', '[data-asof]']) {
      assert.equal(await page.locator(shown).first().isVisible(), true, shown);
    }
    assert.ok((await page.pdf({ format: 'A4' })).length > 10_000);
    await page.emulateMedia({ media: null });
    await goTo(page, `/en/children/${CHILDREN.mali.key}/family`);
    const telephone = page.locator('.dolen-family li', { hasText: 'Report by telephone' });
    await page.emulateMedia({ media: 'print' });
    assert.equal(await telephone.isVisible(), false, 'who reported is not printed for the family');
    assert.equal(
      await page.locator('.dolen-family li', { hasText: 'Appointment kept' }).first().isVisible(),
      true,
    );
    await page.emulateMedia({ media: null });
    await telephone.locator('input').check();
    await page.emulateMedia({ media: 'print' });
    assert.equal(await telephone.isVisible(), true, 'unless somebody chose it');
    await closeTab(page);
  },
);

test('every request and answer kept to the contract', onlyMadeUp, () => {
  assert.deepEqual([...new Set(world.mock.contract.violations)], []);
});
