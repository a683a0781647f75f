import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

/** Waits for its input to close, which the system does for a process that ends in whatever way, then cleans up. */
const GUARD = 'read -r _; kill -9 "$1" 2>/dev/null; [ -z "$2" ] || rm -rf "$2"';

/**
 * Has process `pid` killed, and `tempDir` removed, when this process ends: also by SIGKILL, where no handler of ours
 * runs. Returns a function that calls the guard off; call it before ending `pid` yourself, since pids are reused.
 */
export function endWithParent(pid: number, tempDir = ''): () => void {
  const guard = spawn('sh', ['-c', GUARD, 'guard', String(pid), tempDir], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return () => {
    guard.kill('SIGKILL');
    guard.stdin.destroy();
  };
}
