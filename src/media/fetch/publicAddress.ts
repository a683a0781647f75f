import { isIP } from 'node:net';
import { parse } from 'ipaddr.js';

/**
 * Returns whether an IP address belongs to the public internet. Private, loopback, link-local, shared (carrier NAT),
 * multicast, reserved and unspecified ones do not, and neither do the IPv6 forms that carry an IPv4 address (mapped,
 * 6to4, Teredo, NAT64): they would lead there by another name. An address with a zone, or no address, is not public.
 */
export function isPublicAddress(address: string): boolean {
  return isIP(address) !== 0 && !address.includes('%') && parse(address).range() === 'unicast';
}
