// Starts the real program's demonstration on a port of its own, for tests and pictures:
// `dolen demo --listen`. DOLEN names the program; else it is build/release/dolen.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const program = process.env.DOLEN ?? `${root}build/release/dolen`;
const dashboard = process.env.DOLEN_DASHBOARD_OUT ?? `${root}build/dashboard`;
/** The story is told in a second or two; a loaded machine needs longer. */
const LONGEST_START_MS = 120_000;
const LONGEST_END_MS = 30_000;

/** Of what the program prints: its address, and the folder that its other verbs ask for. */
function placesIn(text) {
  const url = /in a browser: (http:\S+)/.exec(text)?.[1];
  const data = / doctor --data=(\S+)\n/.exec(text)?.[1];
  return url && data ? { url, data } : null;
}

/** { url, dolen(...arguments), stop() } of a demonstration that has told its story. */
export async function startDemo() {
  if (!existsSync(program)) throw new Error(`there is no ${program}; make it: deploy/demo`);
  const child = spawn(
    program,
    ['demo', '--listen=0', `--dashboard=${dashboard}`, '--days-per-second=100000'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  let said = '';
  const places = await new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGTERM');
      reject(new Error(`it does not open:\n${said}`));
    }, LONGEST_START_MS);
    child.stdout.on('data', (piece) => {
      said += piece;
      const found = placesIn(said);
      if (!found) return;
      clearTimeout(late);
      resolve(found);
    });
    void ended.then((code) => {
      clearTimeout(late);
      reject(new Error(`it ended with ${code}:\n${said}`));
    });
  });
  return {
    url: places.url,
    dolen: (verb, ...more) =>
      promisify(execFile)(program, [verb, `--data=${places.data}`, ...more]),
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_END_MS);
      const code = await ended;
      clearTimeout(late);
      if (code !== 0) throw new Error(`the demonstration ended with ${code}`);
    },
  };
}
