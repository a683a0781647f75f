import type { FileReference } from '../../domain/content';
import type { MediaSource } from '../media';

/** WhatsApp's own store of files; a reference may name a path there alone. */
const WHATSAPP_FILES = 'https://mmg.whatsapp.net';

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
 * Returns where a file that arrived is fetched and what opens it. An address without a path is none: engines write one
 * where they know the path at WhatsApp's own store only.
 */
export function sourceOfReference({ url, directPath, name, ...keys }: FileReference): MediaSource {
  const { kind, mediaKey, sha256, encSha256 } = keys;
  const whole = url !== undefined && URL.canParse(url) && new URL(url).pathname.length > 1;
  return {
    url: whole || directPath === undefined ? (url ?? '') : `${WHATSAPP_FILES}${directPath}`,
    name: name?.trim() === '' || name === undefined ? NAMES[kind] : name,
    keys: { kind, mediaKey, sha256, encSha256 },
  };
}
