// Writes src/contract.ts. Run by "npm run contract"; a unit test makes the text again and compares,
// so that a change of the contract shows as a failing test and then as errors of the compiler.
import { readFileSync, writeFileSync } from 'node:fs';
import { contractText } from './contract_text.mjs';

const source = new URL('../../../deploy/api/openapi.json', import.meta.url);
writeFileSync(
  new URL('../src/contract.ts', import.meta.url),
  contractText(JSON.parse(readFileSync(source, 'utf8'))),
);
