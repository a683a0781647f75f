import type { FileReference } from '../../../domain/content';
import { text, type JsonRecord } from '../json';
import { base64Of } from './bytes';
import { cleanName } from './cleanName';
import { wholeNumber } from './wholeNumber';

/** Keys and hashes of WhatsApp's files all have this many bytes. */
const KEY_BYTES = 32;
const MAX_ADDRESS_LENGTH = 2_048;
const MAX_TYPE_LENGTH = 200;

/**
 * Returns where a message's file lies and how it is read; undefined where the gateway took the key out of the message,
 * or tells no place: then nobody but the phone can show it.
 */
export function fileReference(kind: FileReference['kind'], node: JsonRecord): FileReference | undefined {
  const mediaKey = base64Of(node.mediaKey, KEY_BYTES);
  const url = addressOf(node.url ?? node.URL);
  const directPath = pathOf(node.directPath);
  if (mediaKey === undefined || (url ?? directPath) === undefined) return undefined;
  return {
    kind,
    type: typeOf(node.mimetype),
    name: cleanName(node.fileName ?? node.title),
    bytes: sizeOf(node.fileLength),
    url,
    directPath,
    mediaKey,
    sha256: base64Of(node.fileSha256 ?? node.fileSHA256, KEY_BYTES),
    encSha256: base64Of(node.fileEncSha256 ?? node.fileEncSHA256, KEY_BYTES),
  };
}

/** A bare host is what the engine writes where only the path is known. */
function addressOf(value: unknown): string | undefined {
  const address = text(value);
  if (address === undefined || address.length > MAX_ADDRESS_LENGTH || !URL.canParse(address)) return undefined;
  const { protocol, pathname } = new URL(address);
  return /^https?:$/.test(protocol) && pathname !== '/' ? address : undefined;
}

/** Two slashes would name another host. */
function pathOf(value: unknown): string | undefined {
  const path = text(value);
  return path !== undefined && /^\/(?!\/)[\x21-\x7e]+$/.test(path) && path.length <= MAX_ADDRESS_LENGTH
    ? path
    : undefined;
}

function typeOf(value: unknown): string | undefined {
  const type = text(value);
  return type !== undefined && /^[\w.+-]+\/[\w.+-]+(?:\s*;[\x20-\x7e]*)?$/.test(type) && type.length <= MAX_TYPE_LENGTH
    ? type
    : undefined;
}

function sizeOf(value: unknown): number | undefined {
  const bytes = wholeNumber(value);
  return bytes !== undefined && Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}
