import { isIPv4 } from 'node:net';
import { z } from 'zod';
import type { TextSchema } from '../setting';

/**
 * Returns whether a host, as written in an address, is this machine: `localhost`, 127.0.0.0/8 or `[::1]`. By its name
 * alone: nothing is resolved, so a name that merely points here is not one.
 */
export function isLoopbackHost(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}

/** Returns the host of `host:port` or `[v6]:port`, or undefined when the text is not of that form. */
export function hostOfHostPort(text: string): string | undefined {
  const [, host, port] = /^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$/.exec(text) ?? [];
  return Number(port) >= 1 && Number(port) <= 65_535 ? host : undefined;
}

interface AddressRules {
  /** True: plain http only for this machine. */
  httpsUnlessLoopback: boolean;
  /** True: a query is part of the address. */
  query?: boolean;
}

/** Returns what is wrong with a web address, or undefined. Says no part of the address: it may hold a secret. */
function addressProblem(text: string, rules: AddressRules): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return 'must be a web address such as https://bridge.example.com';
  }
  if (rules.httpsUnlessLoopback && url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    return 'must begin with https:// (plain http only for a loopback host such as 127.0.0.1)';
  }
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  if (url.hash !== '' || (url.search !== '' && rules.query !== true)) return 'must end before any ? or #';
  return undefined;
}

function withoutLastSlash(url: URL): string {
  return url.search === '' ? url.href.replace(/\/+$/, '') : url.href;
}

function webAddress(rules: AddressRules): TextSchema<string> {
  return z.string().transform((text, context) => {
    const problem = addressProblem(text, rules);
    if (problem === undefined) return withoutLastSlash(new URL(text));
    context.addIssue({ code: 'custom', message: problem });
    return z.NEVER;
  });
}

/** A base address, returned without a slash at its end: https, plain http only for a loopback host. */
export const safeAddress = webAddress({ httpsUnlessLoopback: true });

/** Like `safeAddress`; a query is allowed. */
export const safeAddressWithQuery = webAddress({ httpsUnlessLoopback: true, query: true });

/** A base address that the operator vouches for: http and private hosts are allowed. */
export const operatorAddress = webAddress({ httpsUnlessLoopback: false });

/** Like `operatorAddress`; a query is allowed. */
export const operatorAddressWithQuery = webAddress({ httpsUnlessLoopback: false, query: true });

/** The path of an address: it begins with a slash and holds neither query nor fragment. */
export const urlPath: TextSchema<string> = z
  .string()
  .regex(/^(?:\/[\w.~-]+)+$/, 'must be a path such as /v2/oauth/chooselocation');
