// All browser tests, in one process that shares one browser: node --test tests/browser/all.test.mjs
import { after, before } from 'node:test';
import { close, open } from './world.mjs';

before(open);
after(close);

await import('./pages.mjs');
await import('./tasks.mjs');
await import('./live.mjs');
await import('./access.mjs');
