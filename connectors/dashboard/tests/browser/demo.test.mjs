// The pages against the real program, as `dolen demo` opens them: all pages, and the main tasks.
import { after, before } from 'node:test';
import { startDemo } from '../../scripts/demo.mjs';

const demo = await startDemo();
process.env.DOLEN_DASHBOARD_URL = demo.url;
process.env.DOLEN_DASHBOARD_PERSON = 'sian';
process.env.DOLEN_DASHBOARD_PURPOSE = 'supervision';
const { close, open, world } = await import('./world.mjs');
world.demo = demo;

before(open);
after(async () => {
  await close();
  await demo.stop();
});

await import('./pages.mjs');
await import('./access.mjs');
await import('./demo_tasks.mjs');
