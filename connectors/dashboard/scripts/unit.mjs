// Runs the unit tests: bundles each with the sources that it imports, since Node 18 reads no
// TypeScript, and hands them to node's own runner.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const room = fileURLToPath(new URL('..', import.meta.url));
const out = mkdtempSync(join(room, 'node_modules/.unit-'));
const tests = readdirSync(join(room, 'tests/unit')).filter((one) => one.endsWith('.test.mjs'));
let code = 1;
try {
  await build({
    entryPoints: tests.map((one) => join(room, 'tests/unit', one)),
    outdir: out,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node18',
    sourcemap: 'inline',
    outExtension: { '.js': '.mjs' },
    logLevel: 'warning',
    define: { __ROOM__: JSON.stringify(room) },
  });
  // Another zone than London's, so that a time that is read in the machine's zone shows.
  code =
    spawnSync(process.execPath, ['--test', ...tests.map((one) => join(out, one))], {
      stdio: 'inherit',
      env: { ...process.env, TZ: 'Asia/Tokyo' },
    }).status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
process.exit(code);
