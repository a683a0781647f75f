import type { FileReference } from '../../domain/content';
import { isVouchedFor, type AllowedHost } from '../fetch/target';
import type { MediaSource } from '../media';

/** WhatsApp's own store of files; a reference may name a path there alone. */
const WHATSAPP_FILES = 'https://mmg.whatsapp.net';
/** All of WhatsApp's stores are hosts of this domain. */
const WHATSAPP_DOMAIN = '.whatsapp.net';

/** What a file without a name of its own is called. */
const NAMES: Record<FileReference['kind'], string> = {
  image: 'picture',
  video: 'video',
  audio: 'audio',
  voice: 'voice message',
  document: 'document',
  sticker: 'sticker',
};

/**
 * Returns where a file that arrived is fetched and what opens it. The address is the sender's word, and nobody but
 * WhatsApp sees it before us: it counts at WhatsApp and at the hosts that the operator vouches for (`allowed`), else
 * the path counts, at WhatsApp's own store. Where there is neither, the address is '', which is refused when fetched.
 */
export function sourceOfReference(
  { url, directPath, name, ...keys }: FileReference,
  allowed: readonly AllowedHost[],
): MediaSource {
  const { kind, mediaKey, sha256, encSha256 } = keys;
  const path = directPath === undefined ? '' : `${WHATSAPP_FILES}${directPath}`;
  return {
    url: url !== undefined && URL.canParse(url) && isStore(new URL(url), allowed) ? url : path,
    name: name?.trim() === '' || name === undefined ? NAMES[kind] : name,
    keys: { kind, mediaKey, sha256, encSha256 },
  };
}

/** An address without a path is none: engines write one where they know the path at WhatsApp's own store only. */
function isStore(url: URL, allowed: readonly AllowedHost[]): boolean {
  return url.pathname.length > 1 && (url.hostname.endsWith(WHATSAPP_DOMAIN) || isVouchedFor(url, allowed));
}
