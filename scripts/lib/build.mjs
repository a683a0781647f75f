import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf } from './sourceHash.mjs';

const SOURCES = [
  'src',
  'workflows',
  'activities',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
  'scripts/lib',
];
const HASH_FILE = 'dist/.build-hash';

/** Whether dist/ was built from exactly these sources and dependencies. */
export function isBuilt(root) {
  const file = join(root, HASH_FILE);
  return existsSync(file) && readFileSync(file, 'utf8') === hashOf(root, SOURCES);
}

/**
 * Compiles into dist/ and bundles the workflows into dist/workflowBundle.js. All of it is made beside dist/ and then
 * put in its place, so that a failed build leaves the last good one, and a deleted source leaves nothing behind.
 */
export async function build(root, say) {
  const began = Date.now();
  say('building dist/');
  const hash = hashOf(root, SOURCES);
  const next = join(root, 'dist-next');
  rmSync(next, { recursive: true, force: true });
  compile(root, next);
  cpSync(join(root, 'src'), join(next, 'src'), { recursive: true, filter: isAsset });
  writeFileSync(join(next, 'workflowBundle.js'), await bundleWorkflows(root));
  writeFileSync(join(next, '.build-hash'), hash);
  replace(join(root, 'dist'), next);
  say(`built in ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

function compile(root, outDir) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', outDir, '--noEmitOnError'];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('the build failed: TypeScript found the errors above');
}

/** What the compiler does not carry over: pages, styles and the like that lie beside the code that serves them. */
function isAsset(path) {
  return statSync(path).isDirectory() || !path.endsWith('.ts');
}

/** From the TypeScript sources, so that a stack in Temporal's Web UI names their lines. */
async function bundleWorkflows(root) {
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const logger = new DefaultLogger('WARN');
  const { code } = await bundleWorkflowCode({ workflowsPath: join(root, 'workflows/index.ts'), logger });
  return code;
}

function replace(dist, next) {
  const last = `${dist}-last`;
  rmSync(last, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, last);
  renameSync(next, dist);
  rmSync(last, { recursive: true, force: true });
}
