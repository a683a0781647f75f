import { parsed } from './text';

/** A host as written in an address (`media.local`, `10.0.0.7`, `[::1]`), lower case; every port where none is named. */
export interface AllowedHost {
  host: string;
  port: number | undefined;
}

const HOST = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/;

function parseHost(text: string): AllowedHost | undefined {
  const [, host, port] = HOST.exec(text.toLowerCase()) ?? [];
  if (host === undefined) return undefined;
  if (port === undefined) return { host, port: undefined };
  return Number(port) >= 1 && Number(port) <= 65_535 ? { host, port: Number(port) } : undefined;
}

/** `host[:port]` between commas or white space. */
export const hostList = parsed('must be host or host:port between commas, without https:// and path', (text) => {
  const hosts = text
    .split(/[\s,]+/)
    .filter((item) => item !== '')
    .map(parseHost);
  return hosts.every((host) => host !== undefined) ? hosts : undefined;
});
