import { DomainError } from '../../domain/errors';
import { freePort } from '../../sandbox/machine/freePort';

/** TCP ports of one run, all on 127.0.0.1. */
export interface Ports {
  /** The bridge's public listener. */
  bridge: number;
  /** The bridge's admin listener. */
  admin: number;
  ghl: number;
  waapify: number;
}

/** Easy to remember, and the bridge's own defaults. */
const PREFERRED: Ports = { bridge: 3000, admin: 3001, ghl: 3002, waapify: 3003 };
const ANY: Ports = { bridge: 0, admin: 0, ghl: 0, waapify: 0 };
const ATTEMPTS = 5;

/** Returns ports that are free just now: the preferred ones where nobody listens, or just any. */
export async function choosePorts(preferred: boolean): Promise<Ports> {
  const wanted = preferred ? PREFERRED : ANY;
  const ports: Ports = {
    bridge: await freePort(wanted.bridge),
    admin: await freePort(wanted.admin),
    ghl: await freePort(wanted.ghl),
    waapify: await freePort(wanted.waapify),
  };
  // The system may hand out the same port twice, since nobody has kept the first.
  return new Set(Object.values(ports)).size === 4 ? ports : choosePorts(false);
}

const TAKEN = ['address_in_use', 'sandbox_port', 'port_in_use'];

/**
 * Runs `start` with free ports. A port that somebody else took between the look and the listening is no failure:
 * `start` then runs again with others. Throws what `start` throws.
 */
export async function onFreePorts<T>(start: (ports: Ports) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await choosePorts(attempt === 1));
    } catch (error) {
      const isTaken = error instanceof DomainError && TAKEN.includes(error.code);
      if (!isTaken || attempt === ATTEMPTS) throw error;
    }
  }
}
