import { execFileSync } from 'node:child_process';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** Returns what ran a measurement, one fact a line: figures without it mean nothing. */
export function describeMachine(): string[] {
  const memory = Math.round(totalmem() / 1024 ** 3);
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const load = loadavg().map((value) => value.toFixed(1));
  return [
    `machine  ${cpus().length} x ${model}, ${memory} GB, ${platform()} ${release()} ${arch()}`,
    `node     ${process.version}`,
    `commit   ${commit()}`,
    `load     ${load.join(', ')} before the run (1, 5 and 15 minutes)`,
  ];
}

function commit(): string {
  try {
    const id = git('rev-parse', '--short=12', 'HEAD');
    return git('status', '--porcelain') === '' ? id : `${id}, with changes`;
  } catch {
    return 'unknown';
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}
