import { readFileSync } from 'node:fs';
import type { NumberConnected } from '../../commands/connectNumber';
import { EXIT, OpsError } from '../opsError';
import { show, type Session } from '../session';

export interface ConnectOptions {
  location: string;
  instance: string;
  token?: string;
  tokenFile?: string;
  number?: string;
  baseUrl?: string;
  dialect?: string;
}

/** Connects a WhatsApp number to a location and says what is left to do. */
export async function connect(session: Session, options: ConnectOptions): Promise<void> {
  const { location: locationId, instance: instanceId, number, baseUrl, dialect } = options;
  const body = { locationId, instanceId, token: tokenOf(options), number, baseUrl, dialect };
  const answer = await session.admin.post<NumberConnected>('/admin/v1/connections', body);
  show(session, answer, ({ connectionId, created, state, next }) => {
    const what = created ? 'is connected to the location' : 'was connected before; its token is renewed';
    return `${connectionId} ${what} (state: ${state}).\n${next}`;
  });
}

/**
 * A token on the command line stands in the shell's history and in the list of processes; a file does not. Without
 * either the bridge takes the one that the location's company gave for its locations.
 */
function tokenOf({ token, tokenFile }: ConnectOptions): string | undefined {
  if (tokenFile === undefined) return token;
  try {
    return readFileSync(tokenFile, 'utf8').trim();
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new OpsError(`The token file can not be read (${code}).`, EXIT.usage);
  }
}
