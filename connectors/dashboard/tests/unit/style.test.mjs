// The room keeps to the sizes that the repository asks for; prettier keeps the rest of the form.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const MOST_LINES = 500;
const MOST_COLUMNS = 100;
/** What people read in catalogues is not cut for the sake of a width; the contract is made. */
const WIDE = /^src\/(words\/|contract\.ts$)/;

const files = ['src', 'tests', 'scripts'].flatMap((folder) =>
  readdirSync(join(__ROOM__, folder), { recursive: true })
    .map((one) => `${folder}/${one}`)
    .filter((one) => /\.(ts|mjs|scss)$/.test(one)),
);

test('files and lines have the sizes that the repository asks for', () => {
  const problems = [];
  for (const file of files) {
    const lines = readFileSync(join(__ROOM__, file), 'utf8').split('\n');
    if (lines.length > MOST_LINES) problems.push(`${file}: ${lines.length} lines`);
    if (WIDE.test(file)) continue;
    lines.forEach((line, place) => {
      if (line.length > MOST_COLUMNS) problems.push(`${file}:${place + 1}: ${line.length} columns`);
    });
  }
  assert.ok(files.length > 50);
  assert.deepEqual(problems, []);
});
