import { request } from 'undici';
import { DomainError } from '../domain/errors';
import { readAdminAddress } from './adminAddress';
import { createAdminApi, type AdminApi } from './adminApi';
import { EXIT, OpsError } from './opsError';

/** An admin listener of this process over the store itself, on a loopback port. */
export interface LocalAdmin {
  /** Address without a slash at its end. */
  address: string;
  token: string;
  close(): Promise<void>;
}

export interface OpenedAdmin {
  admin: AdminApi;
  close(): Promise<void>;
}

const ASK_MS = 5_000;

/**
 * Returns the running bridge's operator API; with none running, one of this process over the same store. Throws
 * OpsError (exit code 3) that says why neither is to be had.
 */
export async function openAdmin(env: NodeJS.ProcessEnv, openLocal: () => Promise<LocalAdmin>): Promise<OpenedAdmin> {
  const { address, token } = addressOf(env);
  if (await isListening(address)) return { admin: createAdminApi(address, token), close: () => Promise.resolve() };
  try {
    const local = await openLocal();
    return { admin: createAdminApi(local.address, local.token), close: () => local.close() };
  } catch (error) {
    throw new OpsError(
      `No bridge answers at ${address}, and its store can not be opened from here.\n${why(error)}`,
      EXIT.noBridge,
    );
  }
}

function addressOf(env: NodeJS.ProcessEnv): { address: string; token: string } {
  try {
    return readAdminAddress(env);
  } catch (error) {
    throw new OpsError(why(error), EXIT.usage);
  }
}

/** Only a DomainError's text is written to be shown: a driver's may hold the database's password. */
function why(error: unknown): string {
  if (!(error instanceof DomainError)) return `Something went wrong (${(error as Error).name}).`;
  const hint =
    error.code === 'store_in_use' ? ' If that is the bridge, set ADMIN_HOST and ADMIN_PORT to where it listens.' : '';
  return `${error.message}${hint}`;
}

async function isListening(address: string): Promise<boolean> {
  try {
    const answer = await request(`${address}/healthz`, { headersTimeout: ASK_MS, bodyTimeout: ASK_MS });
    await answer.body.dump();
    return true;
  } catch {
    return false;
  }
}
