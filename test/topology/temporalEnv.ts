import { serviceOf, type ComposeFile } from './composeFile';

/** Returns the environment of a Temporal service with the MySQL of this machine in the place of the container `mysql`. */
export function databaseEnv(compose: ComposeFile, name: string, port: number): Record<string, string> {
  const { environment = {} } = serviceOf(compose, name);
  if (environment['MYSQL_SEEDS'] !== 'mysql') throw new Error(`${name} does not name the service mysql`);
  const moved = { ...environment, MYSQL_SEEDS: '127.0.0.1', DB_PORT: port };
  return Object.fromEntries(Object.entries(moved).map(([key, value]) => [key, String(value)]));
}

/**
 * Returns the ports of Temporal's server from `base` on, the frontend's first: in its container it has the usual ones to
 * itself (names: Temporal server, its embedded configuration template).
 */
export function serverPorts(base: number): Record<string, string> {
  const names = ['FRONTEND_GRPC', 'HISTORY_GRPC', 'MATCHING_GRPC', 'WORKER_GRPC', 'FRONTEND_HTTP'];
  const members = ['FRONTEND_MEMBERSHIP', 'HISTORY_MEMBERSHIP', 'MATCHING_MEMBERSHIP', 'WORKER_MEMBERSHIP'];
  return Object.fromEntries([
    ...names.map((name, offset) => [`${name}_PORT`, String(base + offset)]),
    ...members.map((name, offset) => [`${name}_PORT`, String(base + 10 + offset)]),
  ]);
}
