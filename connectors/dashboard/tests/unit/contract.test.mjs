import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { contractText } from '../../scripts/contract_text.mjs';
import { addressOf } from '../../src/client.ts';

test('src/contract.ts is what the contract says; after a change: npm run contract', () => {
  const document = JSON.parse(
    readFileSync(join(__ROOM__, '../../deploy/api/openapi.json'), 'utf8'),
  );
  assert.equal(readFileSync(join(__ROOM__, 'src/contract.ts'), 'utf8'), contractText(document));
});

test('addresses are those of the contract, and hold what they are given encoded', () => {
  assert.equal(addressOf('alert', { path: { alert: 'a/b' } }), '/v1/alerts/a%2Fb');
  assert.equal(
    addressOf('delay', { query: { agency: 'a&b', rule: '', from: undefined, to: '2026-01' } }),
    '/v1/delay?agency=a%26b&to=2026-01',
  );
});
