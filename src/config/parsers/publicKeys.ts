import { createPublicKey, type KeyObject } from 'node:crypto';
import { parsed } from './text';

const PEM = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

/** GHL's published key for `X-GHL-Signature` (GHL's webhook guide). */
export const GHL_PUBLISHED_KEY = [
  '-----BEGIN PUBLIC KEY-----',
  'MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg=',
  '-----END PUBLIC KEY-----',
].join('\n');

/** GHL's published key for the old `X-WH-Signature` (GHL's webhook guide); SHA-256 of its SPKI: 2f62045d...1fd25. */
export const GHL_LEGACY_KEY = [
  '-----BEGIN PUBLIC KEY-----',
  'MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAokvo/r9tVgcfZ5DysOSC',
  'Frm602qYV0MaAiNnX9O8KxMbiyRKWeL9JpCpVpt4XHIcBOK4u3cLSqJGOLaPuXw6',
  'dO0t6Q/ZVdAV5Phz+ZtzPL16iCGeK9po6D6JHBpbi989mmzMryUnQJezlYJ3DVfB',
  'csedpinheNnyYeFXolrJvcsjDtfAeRx5ByHQmTnSdFUzuAnC9/GepgLT9SM4nCpv',
  'uxmZMxrJt5Rw+VUaQ9B8JSvbMPpez4peKaJPZHBbU3OdeCVx5klVXXZQGNHOs8gF',
  '3kvoV5rTnXV0IknLBXlcKKAQLZcY/Q9rG6Ifi9c+5vqlvHPCUJFT5XUGG5RKgOKU',
  'J062fRtN+rLYZUV+BjafxQauvC8wSWeYja63VSUruvmNj8xkx2zE/Juc+yjLjTXp',
  'IocmaiFeAO6fUtNjDeFVkhf5LNb59vECyrHD2SQIrhgXpO4Q3dVNA5rw576PwTzN',
  'h/AMfHKIjE4xQA1SZuYJmNnmVZLIZBlQAF9Ntd03rfadZ+yDiOXCCs9FkHibELhC',
  'HULgCsnuDJHcrGNd5/Ddm5hxGQ0ASitgHeMZ0kcIOwKDOzOU53lDza6/Y09T7sYJ',
  'PQe7z0cvj7aE4B+Ax1ZoZGPzpJlZtGXCsu9aTEGEnKzmsFqwcSsnw3JB31IGKAyk',
  'T1hhTiaCeIY/OwwwNUY2yvcCAwEAAQ==',
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

function readRsaKey(text: string): KeyObject | undefined {
  try {
    const key = createPublicKey(text.replaceAll('\\n', '\n'));
    return key.asymmetricKeyType === 'rsa' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** One RSA public key as PEM. */
export const rsaPublicKey = parsed('must be an RSA public key as PEM (-----BEGIN PUBLIC KEY-----)', readRsaKey);

/** Ed25519 public keys as PEM, one behind the other. */
export const publicKeys = parsed(
  'must be Ed25519 public keys as PEM (-----BEGIN PUBLIC KEY-----), one behind the other',
  readPublicKeys,
);
