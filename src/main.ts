import { startBridge, type Bridge, type Role } from './bridge';
import { loadSettings, type Settings } from './config/settings';
import { SettingsError } from './config/settingsError';
import { asDomainError, DomainError } from './domain/errors';

const ROLES: Record<string, Role[]> = { all: ['ingress', 'worker'], ingress: ['ingress'], worker: ['worker'] };

/** What is in hand has this long after a SIGTERM; then the process ends all the same. */
const FORCE_MS = 58_000;

/** Reads the role from the command line, starts the bridge and stops it in order at SIGTERM or SIGINT. */
async function main(role = 'all'): Promise<void> {
  const roles = ROLES[role];
  if (roles === undefined) return fail(`There is no role "${role}"; there are: ${Object.keys(ROLES).join(', ')}.`);
  const settings = read();
  if (settings === null) return;
  try {
    stopOnSignal(await startBridge(settings, roles));
  } catch (error) {
    fail(error instanceof DomainError ? error.message : `The bridge did not start: ${describe(error)}`);
  }
}

function read(): Settings | null {
  try {
    return loadSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    fail(error.message);
    return null;
  }
}

function stopOnSignal(bridge: Bridge): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), FORCE_MS).unref();
    bridge.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        bridge.app.logger.error({ err: error }, 'The shutdown failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

/** Drivers' texts may hold the database's address and password: name and code are enough to look it up. */
function describe(error: unknown): string {
  const { name, code } = error as { name?: unknown; code?: unknown };
  return [name, code, asDomainError(error).code].filter((word) => typeof word === 'string').join(' ');
}

void main(process.argv[2]);
