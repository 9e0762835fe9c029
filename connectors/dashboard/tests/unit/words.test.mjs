import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { coded, nameCodes, plain, t, textIn, useLanguage, welshForm } from '../../src/words.ts';
import { cy } from '../../src/words/cy.ts';
import { en } from '../../src/words/en.ts';

const FORMS = ['zero', 'one', 'two', 'few', 'many', 'other'];
const texts = (entry) => (typeof entry === 'string' ? [entry] : Object.values(entry));
const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((one) => one[1]).sort();

test('both catalogues have the same keys', () => {
  assert.deepEqual(Object.keys(cy).sort(), Object.keys(en).sort());
});

test('both languages fill in the same values', () => {
  for (const key of Object.keys(en)) {
    const wanted = new Set(texts(en[key]).flatMap(holes));
    for (const text of texts(cy[key])) assert.deepEqual(new Set(holes(text)), wanted, key);
  }
});

test('what has plural forms in English has all six in Welsh', () => {
  for (const key of Object.keys(en)) {
    assert.equal(typeof en[key], typeof cy[key], key);
    if (typeof cy[key] !== 'string')
      assert.deepEqual(Object.keys(cy[key]).sort(), [...FORMS].sort(), key);
  }
});

test('no text is empty, and no Welsh one was forgotten in English', () => {
  const same = Object.keys(en).filter(
    (key) =>
      typeof en[key] === 'string' &&
      en[key] === cy[key] &&
      /[a-z]{3}/.test(en[key].replace(/\{\w+\}/g, '')),
  );
  assert.deepEqual(same, []);
  for (const key of Object.keys(en))
    for (const text of [...texts(en[key]), ...texts(cy[key])])
      assert.notEqual(text.trim(), '', key);
});

test('the Welsh form of a number is what the CLDR says', () => {
  const rules = new Intl.PluralRules('cy');
  assert.equal(rules.resolvedOptions().locale, 'cy');
  for (let n = 0; n <= 200; ++n) assert.equal(welshForm(n), rules.select(n), String(n));
});

test('forms are chosen by n in each language', () => {
  const welsh = [0, 1, 2, 3, 6, 10].map((n) => textIn('cy', 'days', { n }));
  assert.deepEqual(welsh, [
    '0 diwrnod',
    '1 diwrnod',
    '2 ddiwrnod',
    '3 diwrnod',
    '6 diwrnod',
    '10 diwrnod',
  ]);
  assert.deepEqual(
    [0, 1, 2].map((n) => textIn('en', 'days', { n })),
    ['0 days', '1 day', '2 days'],
  );
});

test('a missing value stays to be seen, a number is grouped', () => {
  useLanguage('en');
  assert.equal(t('ago'), '{span} ago');
  assert.equal(t('alerts_count', { n: 12345 }), '12,345 alerts');
});

test('a code without a text is said in plain words', () => {
  useLanguage('en');
  assert.equal(coded('event', 'core_group_held'), 'Core group met');
  assert.equal(coded('event', 'something_new'), 'Something new');
  assert.equal(plain('agency:gwynfryn_council'), 'Gwynfryn council');
});

test('every key that the sources name is there', () => {
  const missing = [];
  for (const file of readdirSync(join(__ROOM__, 'src'), { recursive: true }).filter((one) =>
    String(one).endsWith('.ts'),
  )) {
    const source = readFileSync(join(__ROOM__, 'src', String(file)), 'utf8');
    for (const found of source.matchAll(/\bt\('(\w+)'/g))
      if (!(found[1] in en)) missing.push(`${file}: ${found[1]}`);
  }
  assert.deepEqual(missing, []);
});

test('every key is used by some source', () => {
  const sources = readdirSync(join(__ROOM__, 'src'), { recursive: true })
    .map(String)
    .filter((one) => one.endsWith('.ts') && !one.startsWith('words'))
    .concat('words.ts')
    .map((one) => readFileSync(join(__ROOM__, 'src', one), 'utf8'))
    .join('\n');
  const starts = [...sources.matchAll(/[`']([a-z]+(?:_[a-z]+)*)_\$\{/g)]
    .map((one) => one[1])
    .concat([...sources.matchAll(/coded\('(\w+)'/g)].map((one) => one[1]));
  const unused = Object.keys(en).filter(
    (key) => !sources.includes(`'${key}'`) && !starts.some((one) => key.startsWith(`${one}_`)),
  );
  assert.deepEqual(unused, []);
});

test('a book’s word for a code comes before ours, where codes are of an open vocabulary', () => {
  useLanguage('cy');
  const title = { en: 'The Council', cy: 'Y Cyngor' };
  nameCodes(['gwynfryn_council', 'running', 'referral_made'].map((code) => ({ code, title })));
  try {
    assert.equal(coded('party', 'gwynfryn_council'), 'Y Cyngor');
    assert.equal(coded('event', 'referral_made'), 'Y Cyngor');
    assert.equal(coded('state', 'running'), cy.state_running);
    assert.equal(coded('party', 'ysgol_y_bont'), 'Ysgol y bont');
  } finally {
    nameCodes([]);
    useLanguage('en');
  }
});
