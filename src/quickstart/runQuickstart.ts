import { join, relative } from 'node:path';
import type { DevServer } from '../sandbox/temporalDevServer';
import { addresses, things } from './hints';
import { createPrinter, type Output, type Printer } from './printer';
import { runSteps } from './runSteps';
import { createClosers, type Closers } from './stage/closers';
import { claimFolder } from './stage/folder';
import { startTemporal } from './stage/temporal';
import { STEPS } from './steps';
import { unlessAborted, untilAborted, withinDeadline } from './waiting';
import { openWorld, type World } from './world';

export interface QuickstartOptions {
  /** Ends after the conversation instead of staying up. */
  once: boolean;
  /** Where the run keeps its store and logs: this folder, or one beside it when another quickstart uses it. */
  folder: string;
  output: Output;
  /** Ctrl-C. */
  interrupted: AbortSignal;
}

const STEP_MS = 45_000;
const READY_MS = 90_000;

/** Exit codes: a shell's own for a command that was interrupted. */
const EXIT = { done: 0, failed: 1, interrupted: 130 } as const;

/**
 * Starts a whole bridge with everything around it, drives a conversation through it, stays up until it is interrupted
 * (unless `once`), and stops everything. Returns the exit code: 0 when every step happened.
 */
export async function runQuickstart(options: QuickstartOptions): Promise<number> {
  const { once, interrupted } = options;
  const printer = createPrinter(options.output);
  const closers = createClosers();
  try {
    const { world, happened } = await unlessAborted(converse(options, printer, closers), interrupted);
    if (!once) await stayUp(printer, world, happened, interrupted);
    return happened ? EXIT.done : EXIT.failed;
  } catch (error) {
    if (interrupted.aborted) return EXIT.interrupted;
    printer.close(`The quickstart can not run. ${error instanceof Error ? error.message : ''}`);
    return EXIT.failed;
  } finally {
    printer.close('Stopping everything ...');
    await closers.closeAll();
  }
}

async function converse(
  { folder: wanted, interrupted }: QuickstartOptions,
  printer: Printer,
  closers: Closers,
): Promise<{ world: World; happened: boolean }> {
  const folder = await claimFolder(wanted);
  closers.add(() => folder.release());
  printer.note('Starting Temporal, the stand-ins and the bridge ...');
  const temporal = await startTemporal((line) => printer.note(line), join(folder.path, 'temporal.log'));
  closers.add(() => temporal.stop());
  const world = await openWorld(folder.path, temporal, closers);
  await untilReady(world, interrupted);
  tellWhere(printer, world, temporal, folder.path);
  const happened = await runSteps(STEPS, world, { printer, deadlineMs: STEP_MS, interrupted });
  return { world, happened };
}

async function untilReady({ bridge }: World, interrupted: AbortSignal): Promise<void> {
  await withinDeadline(READY_MS, interrupted, (until) =>
    until('the bridge to be ready', async () => {
      const { ready, degraded } = await bridge.readiness();
      return ready && degraded.length === 0;
    }),
  );
}

function tellWhere(printer: Printer, world: World, temporal: DevServer, folder: string): void {
  const log = join(relative(process.cwd(), folder), 'bridge.log');
  printer.table('A bridge between GHL and WhatsApp, with stand-ins for both', [
    ...addresses(world, temporal.uiUrl),
    ['log', log],
  ]);
}

async function stayUp(printer: Printer, world: World, happened: boolean, interrupted: AbortSignal): Promise<void> {
  printer.table('Try it, in another terminal', things(world));
  printer.close(happened ? 'Everything stays up until Ctrl-C.' : 'It stays up until Ctrl-C, so that you can look.');
  await untilAborted(interrupted);
}
