import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const BETWEEN_TRIES_MS = 200;

/**
 * Runs `work` while holding `lockDir`, a folder with the holder's pid in it; waits while a living process holds it.
 * A folder that is complete is moved into place, and a move onto a folder with content fails: so one wins.
 */
export async function withLock(lockDir, say, work) {
  let told = false;
  while (!take(lockDir)) {
    const holder = holderOf(lockDir);
    if (holder !== null && !isAlive(holder)) {
      clearDead(lockDir, holder);
      continue;
    }
    if (holder !== null && !told) say(`waiting for process ${holder}, which does this already`);
    told ||= holder !== null;
    await sleep(BETWEEN_TRIES_MS);
  }
  try {
    await work();
  } finally {
    rmSync(lockDir, { recursive: true, force: true });
  }
}

function take(lockDir) {
  const mine = mkdtempSync(`${lockDir}-`);
  writeFileSync(`${mine}/pid`, String(process.pid));
  try {
    renameSync(mine, lockDir);
    return true;
  } catch (error) {
    rmSync(mine, { recursive: true, force: true });
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false;
    throw error;
  }
}

/** null when it has just been let go. */
function holderOf(lockDir) {
  try {
    return Number(readFileSync(`${lockDir}/pid`, 'utf8'));
  } catch {
    return null;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Moved away under the dead one's name first: of several who see it dead, only one moves it. */
function clearDead(lockDir, pid) {
  try {
    renameSync(lockDir, `${lockDir}-dead-${pid}`);
  } catch {
    return;
  }
  rmSync(`${lockDir}-dead-${pid}`, { recursive: true, force: true });
}
