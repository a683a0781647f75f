import { resolve } from 'node:path';
import { Command } from 'commander';
import { runQuickstart } from './runQuickstart';

/** npm passes Ctrl-C on although the terminal has sent it already: what comes this soon is the same one. */
const SAME_MS = 1_000;
/** What can not be stopped in order by then is cut. */
const FORCE_MS = 60_000;

/** Returns a signal that is aborted by the first Ctrl-C (SIGINT, SIGTERM, SIGHUP); a second one ends at once. */
function interruptions(): AbortSignal {
  const interrupted = new AbortController();
  let firstAt = 0;
  const interrupt = (): void => {
    if (firstAt !== 0 && Date.now() - firstAt > SAME_MS) process.exit(130);
    if (firstAt !== 0) return;
    firstAt = Date.now();
    setTimeout(() => process.exit(1), FORCE_MS).unref();
    interrupted.abort(new Error('interrupted'));
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
  return interrupted.signal;
}

/** A proxy of the caller's shell has no business between processes of one machine; gRPC would use it. */
function withoutProxy(): void {
  process.env['no_grpc_proxy'] = '127.0.0.1';
}

const program = new Command('quickstart')
  .description('Runs the whole bridge with stand-ins for GHL and Waapify, and a conversation through it.')
  .option('--once', 'end after the conversation; the exit code says whether every step happened', false)
  .parse();

withoutProxy();
void runQuickstart({
  once: program.opts<{ once: boolean }>().once,
  folder: resolve('data/quickstart'),
  output: process.stdout,
  interrupted: interruptions(),
}).then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    process.stderr.write(`Not everything could be stopped: ${error instanceof Error ? error.message : ''}\n`);
    process.exit(1);
  },
);
