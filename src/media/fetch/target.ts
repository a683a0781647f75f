import { isIP } from 'node:net';
import { mediaError } from '../mediaError';
import { isPublicAddress } from './publicAddress';

/** A host that the operator vouches for, as written in an address; without a port all of its ports. */
export interface AllowedHost {
  host: string;
  port: number | undefined;
}

/** An address that may be asked, and whether it may lead into private networks. */
export interface Target {
  url: URL;
  vouchedFor: boolean;
}

const LONGEST_ADDRESS = 8_192;
/** What stores of files use. Anything else is asked for by who looks for services, not for files. */
const PUBLIC_PORTS = new Set(['', '443', '8443']);

/**
 * Returns the target of an address. Public ones are https on port 443 or 8443, without user name and password; a
 * literal IP address is judged here, a name when it is looked up. The parser has spelt decimal, octal, hex and short
 * IPv4 out by then. A host that is vouched for may be private, plain http, on any port. Throws `media_address_refused`.
 */
export function targetOf(address: string, allowed: readonly AllowedHost[], base?: URL): Target {
  if (address.length > LONGEST_ADDRESS || !URL.canParse(address, base?.href)) throw mediaError('media_address_refused');
  const url = new URL(address, base);
  const vouchedFor = isVouchedFor(url, allowed);
  if (!mayBeAsked(url, vouchedFor)) throw mediaError('media_address_refused');
  return { url, vouchedFor };
}

/**
 * Returns the target of a redirect, judged like any other, and never from https to http. Throws `media_gone` where the
 * redirect names no address, and `media_address_refused`.
 */
export function redirectOf(from: Target, location: string | undefined, allowed: readonly AllowedHost[]): Target {
  if (location === undefined) throw mediaError('media_gone');
  const next = targetOf(location, allowed, from.url);
  if (from.url.protocol === 'https:' && next.url.protocol === 'http:') throw mediaError('media_address_refused');
  return next;
}

function mayBeAsked(url: URL, vouchedFor: boolean): boolean {
  if (url.username !== '' || url.password !== '') return false;
  if (vouchedFor) return url.protocol === 'https:' || url.protocol === 'http:';
  return url.protocol === 'https:' && PUBLIC_PORTS.has(url.port) && !isPrivateHost(url.hostname);
}

function isPrivateHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (isIP(bare) !== 0) return !isPublicAddress(bare);
  // A name without a dot is a neighbour's. The `localhost` names are this machine by definition (RFC 6761).
  return !bare.includes('.') || bare.endsWith('.localhost');
}

/** Returns whether the operator vouches for the host of an address, on its port. */
export function isVouchedFor(url: URL, allowed: readonly AllowedHost[]): boolean {
  const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443));
  return allowed.some((one) => one.host === url.hostname && (one.port ?? port) === port);
}
