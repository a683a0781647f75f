import type { FileReference } from '../src/domain/content';
import type { ClaimResult } from '../src/store/messages/claimResult';
import type { MessageRow } from '../src/store/rows';

type Granted = ClaimResult & { kind: 'granted' };

/** What of a message that arrived is posted now. */
export interface InboundPost {
  altId: string;
  /** '' where a file says all. */
  text: string;
  /** Its file is attached. */
  attach: boolean;
  /** Its file comes behind it. */
  fileFollows: boolean;
}

type Kind = FileReference['kind'];

const THINGS: Record<Kind, string> = {
  image: 'a picture',
  video: 'a video',
  audio: 'an audio file',
  voice: 'a voice message',
  document: 'a document',
  sticker: 'a sticker',
};

const FOLLOWS: Record<Kind, string> = {
  image: '[picture follows]',
  video: '[video follows]',
  audio: '[audio file follows]',
  voice: '[voice message follows]',
  document: '[document follows]',
  sticker: '[sticker follows]',
};

/** Why it is not there, in words for whoever answers in GHL; everything else could not be fetched. */
const WHY = new Map([
  ['media_too_large', 'that is too large to be shown here'],
  ['media_type_refused', 'of a type that is not shown here, for safety'],
  ['media_unreadable', 'that is damaged'],
  ['ghl_rejected', 'that can not be shown here'],
]);

/** Behind the altId of a file that comes behind its words: two posts with one altId could not be told apart. */
const FILE_MARK = ':file';

/** Returns what a granted post says and brings (see src/domain/inboundFile.ts for the three ways of its file). Pure. */
export function inboundPost(granted: Pick<Granted, 'message' | 'content' | 'file'>): InboundPost {
  const { message, content, file } = granted;
  const post = { altId: keyIdOf(message), text: content.text ?? '', attach: false, fileFollows: false };
  const kind = content.file?.kind;
  if (file === null || kind === undefined) return post;
  const said = file.behindWords ? '' : post.text;
  const altId = file.behindWords ? `${post.altId}${FILE_MARK}` : post.altId;
  switch (file.how) {
    case 'with':
      return { altId, text: said, attach: true, fileFollows: false };
    case 'follows':
      return { altId, text: said.trim() === '' ? FOLLOWS[kind] : said, attach: false, fileFollows: true };
    case 'note':
      return { ...post, altId, text: withNote(said, noteOf(kind, file.reason)) };
  }
}

function noteOf(kind: Kind, reason: string | null): string {
  const why = WHY.get(reason ?? '') ?? 'that could not be fetched';
  return `[${THINGS[kind]} came ${why}: open WhatsApp on the phone]`;
}

function withNote(said: string, note: string): string {
  return said.trim() === '' ? note : `${said}\n${note}`;
}

/** The WhatsApp key id: what follows the connection's id in the source key. */
function keyIdOf({ source_key: sourceKey, connection_id: connectionId }: MessageRow): string {
  return sourceKey.slice((connectionId ?? '').length + 1);
}
