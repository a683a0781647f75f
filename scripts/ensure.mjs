// Makes sure that what the npm scripts need is there: `node scripts/ensure.mjs [install|build]`, both when unnamed.
// Plain node without dependencies, since it runs in a bare clone. Progress goes to stderr: stdout is the command's own.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isBuilt } from './lib/build.mjs';
import { install, isInstalled } from './lib/install.mjs';
import { withLock } from './lib/lock.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const say = (line) => process.stderr.write(`[setup] ${line}\n`);
const steps = { install: [isInstalled, install], build: [isBuilt, build] };
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(steps);

try {
  requireNode();
  for (const name of wanted) await ensure(name);
} catch (error) {
  say(error.message);
  process.exit(1);
}

/** Does the step unless it is done; another process that does it just now is waited for. */
async function ensure(name) {
  if (!(name in steps)) throw new Error(`unknown step "${name}"; there are: ${Object.keys(steps).join(', ')}`);
  const [isDone, work] = steps[name];
  if (isDone(root)) return;
  mkdirSync(join(root, '.cache'), { recursive: true });
  await withLock(join(root, '.cache', `${name}.lock`), say, async () => {
    if (!isDone(root)) await work(root, say);
  });
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`this is Node ${process.versions.node}; 20.19 or later is needed`);
}
