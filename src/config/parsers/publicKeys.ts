import { createPublicKey, type KeyObject } from 'node:crypto';
import { parsed } from './text';

const PEM = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

/** GHL's published key for `X-GHL-Signature` (GHL's webhook guide). */
export const GHL_PUBLISHED_KEY = [
  '-----BEGIN PUBLIC KEY-----',
  'MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg=',
  '-----END PUBLIC KEY-----',
].join('\n');

function readKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns the Ed25519 keys of one or more PEM blocks, or undefined when anything else is in the text. Line ends may be
 * written as `\n`, as env files need them.
 */
function readPublicKeys(text: string): KeyObject[] | undefined {
  const pems = text.replaceAll('\\n', '\n');
  const keys = (pems.match(PEM) ?? []).map(readKey);
  const rest = pems.replace(PEM, '').trim();
  return keys.length > 0 && rest === '' && keys.every((key) => key !== undefined) ? keys : undefined;
}

/** Ed25519 public keys as PEM, one behind the other. */
export const publicKeys = parsed(
  'must be Ed25519 public keys as PEM (-----BEGIN PUBLIC KEY-----), one behind the other',
  readPublicKeys,
);
