import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { mediaError } from '../mediaError';
import { isPublicAddress } from './publicAddress';

/** Returns all addresses of a name; rejects as `dns.lookup` does. */
export type Resolver = (hostname: string) => Promise<LookupAddress[]>;

/** The system's resolver. */
export const systemResolver: Resolver = (hostname) => lookup(hostname, { all: true });

/**
 * Returns the lookup of a socket, that hands it public addresses only (any, where the host is vouched for). What is
 * checked is what is connected to, so a name that answers otherwise the next time gains nothing. Fails with
 * `media_address_refused` where no address is left. Node does not ask it for a literal address: targetOf judges those.
 */
export function checkedLookup(resolve: Resolver, vouchedFor: boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (found) => {
        const addresses = found.filter(({ address }) => vouchedFor || isPublicAddress(address));
        const [first] = addresses;
        if (first === undefined) callback(mediaError('media_address_refused'), []);
        else if (options.all === true) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, []),
    );
  };
}
