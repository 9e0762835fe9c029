// Makes the two pictures of the README again, from the running demonstration: npm run screenshots.
// Needs build/release/dolen and build/dashboard (deploy/demo makes both).
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startDemo } from './demo.mjs';

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
const MOST_BYTES = 200_000;
const SIZE = { width: 1120, height: 860 };

const demo = await startDemo();
process.env.DOLEN_DASHBOARD_URL = demo.url;
const { close, goTo, open, settled, tab } = await import('../tests/browser/world.mjs');

async function picture(page, name) {
  await settled(page);
  const path = `${docs}${name}.png`;
  await page.screenshot({ path });
  const { size } = statSync(path);
  if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes; at most ${MOST_BYTES}`);
  console.log(`docs/${name}.png: ${size} bytes`);
}

try {
  await open();
  const page = await tab('sian', { ...SIZE, purpose: 'supervision' });
  await goTo(page, '/en/now');
  await page.waitForSelector('[data-live="live"]');
  await picture(page, 'dashboard-team');
  await goTo(page, '/en/children');
  await page.fill('#value', '9990000018');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.dolen-identity__name');
  await page.setViewportSize({ ...SIZE, height: 1500 }); // so far that the timeline begins
  await goTo(page, new URL(page.url()).pathname);
  await picture(page, 'dashboard-child');
} finally {
  await close();
  await demo.stop();
}
