import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whether node_modules holds what package-lock.json says, by npm's own record of what it installed. */
export function isInstalled(root) {
  const installed = readJson(join(root, 'node_modules/.package-lock.json'));
  return installed !== null && missing(readJson(join(root, 'package-lock.json')), installed).length === 0;
}

/**
 * `npm ci`. Development dependencies are always wanted, because the build needs them; install scripts never are: each
 * native module here ships its binary in a package, and a script would be code of strangers run at install time.
 */
export function install(root, say) {
  say('installing node modules (npm ci; under a minute on a good line)');
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status, error } = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed: ${error?.message ?? `exit ${status}`}`);
}

/** Paths of packages that are absent or of another version; optional ones may be absent (another platform's). */
function missing(lock, installed) {
  return Object.entries(lock.packages)
    .filter(([path, wanted]) => path !== '' && !wanted.optional && installed.packages[path]?.version !== wanted.version)
    .map(([path]) => path);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
