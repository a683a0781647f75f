import { join } from 'node:path';
import type { ComposeService } from './composeFile';

/** What stands on this machine in the place of containers, their network and their volumes. */
export interface Loopback {
  /** Ports on 127.0.0.1 by the address that compose uses, as `mysql:3306`. */
  ports: Record<string, number>;
  /** The folder that holds each named volume, as `VOLUMES/bridge-data`. */
  volumes: string;
}

/**
 * Returns a service's environment for a process on this machine: addresses of other containers become loopback ones,
 * paths in a named volume become paths in that volume's folder, so that services share exactly what compose lets them.
 */
export function onLoopback(service: ComposeService, { ports, volumes }: Loopback): Record<string, string> {
  const moves = [
    ...Object.entries(ports).map(([address, port]) => [address, `127.0.0.1:${port}`] as const),
    ...(service.volumes ?? []).map((mount) => {
      const [name = '', path = ''] = mount.split(':');
      return [path, join(volumes, name)] as const;
    }),
  ];
  const moved = (text: string): string => moves.reduce((now, [from, to]) => now.replaceAll(from, to), text);
  return Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([name, value]) => [name, moved(String(value))]),
  );
}
