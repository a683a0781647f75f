import { addressText, type Address, type Channel } from '../../domain/address';
import { echoText, type Content, type EchoFacts } from '../../domain/content';
import type { ColumnCrypto } from '../context';

/** Sealed columns of a message and the keyed hashes by which they are found; the row's id is authenticated with them. */

export function sealContent(crypto: ColumnCrypto, messageId: string, content: Content): string {
  return crypto.seal(JSON.stringify(content), `messages/${messageId}/content`);
}

export function openContent(crypto: ColumnCrypto, messageId: string, sealed: string): Content {
  return JSON.parse(crypto.open(sealed, `messages/${messageId}/content`)) as Content;
}

export function sealAddress(crypto: ColumnCrypto, messageId: string, address: Address): string {
  return crypto.seal(address.value, `messages/${messageId}/address`);
}

export function openAddress(crypto: ColumnCrypto, messageId: string, channel: Channel, sealed: string): Address {
  return { channel, value: crypto.open(sealed, `messages/${messageId}/address`) };
}

export function sealFileAddress(crypto: ColumnCrypto, messageId: string, address: string): string {
  return crypto.seal(address, `inbound_files/${messageId}/address`);
}

export function openFileAddress(crypto: ColumnCrypto, messageId: string, sealed: string): string {
  return crypto.open(sealed, `inbound_files/${messageId}/address`);
}

/** Returns the keyed hash of an address. */
export function addressKey(crypto: ColumnCrypto, address: Address): string {
  return crypto.index(`address|${addressText(address)}`);
}

/** Returns the keyed hash by which a part's echo is recognised. */
export function echoKey(crypto: ColumnCrypto, part: EchoFacts): string {
  return crypto.index(`echo|${echoText(part)}`);
}

/** Returns the keyed hash of a whole content: equal for equal messages. */
export function contentKey(crypto: ColumnCrypto, content: Content): string {
  const { text = '', html = '', subject = '', attachments = [], template } = content;
  const whole = [text, html, subject, attachments, ...(template === undefined ? [] : [template])];
  return crypto.index(`content|${JSON.stringify(whole)}`);
}
