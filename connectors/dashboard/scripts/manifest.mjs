// Lists what was built in manifest.json, for the program that serves it: for each file its path,
// content type, size, SHA-256, and whether its name changes with its content, so that it may be
// kept for a year. index.html answers every path of a page (/en/..., /cy/...).
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const out =
  process.env.DOLEN_DASHBOARD_OUT ??
  fileURLToPath(new URL('../../../build/dashboard', import.meta.url));

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
/** What Vite puts before the extension: a hash of the content. */
const HASHED = /-[\w-]{8}\.\w+$/;

/** The policy under which the pages work, for the program to send with them. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const files = readdirSync(out, { recursive: true, withFileTypes: true })
  .filter((one) => one.isFile() && one.name !== 'manifest.json')
  .map((one) => relative(out, join(one.parentPath ?? one.path, one.name)))
  .sort()
  .map((path) => {
    const type = TYPES[extname(path)];
    if (!type)
      throw new Error(`manifest: no content type for ${path}; add it to scripts/manifest.mjs`);
    const content = readFileSync(join(out, path));
    return {
      path,
      content_type: type,
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      immutable: HASHED.test(path),
    };
  });

writeFileSync(
  join(out, 'manifest.json'),
  `${JSON.stringify(
    {
      index: 'index.html',
      pages: ['/', '/en/', '/cy/'],
      content_security_policy: POLICY,
      files,
    },
    null,
    1,
  )}\n`,
);
console.log(
  `dashboard: ${files.length} files, ${files.reduce((sum, one) => sum + one.bytes, 0)} bytes`,
);
