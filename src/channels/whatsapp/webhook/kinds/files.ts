import type { FileReference } from '../../../../domain/content';
import { text, type JsonRecord } from '../../json';
import { cleanName } from '../cleanName';
import { fileReference } from '../fileReference';
import { kind, onThePhone, type ContentKind, type Said } from './kind';

type FileKind = FileReference['kind'];

/** What each is called, and as what its echo is shown. */
const NAMES: Record<FileKind, { called: string; shown: string }> = {
  image: { called: 'picture', shown: 'image' },
  video: { called: 'video', shown: 'video' },
  audio: { called: 'audio', shown: 'audio' },
  voice: { called: 'voice message', shown: 'audio' },
  document: { called: 'document', shown: 'document' },
  sticker: { called: 'sticker', shown: 'sticker' },
};

/** Files: where they lie and what stands under them; words in their place only where nobody but the phone has them. */
export const FILES: readonly ContentKind[] = [
  file('imageMessage', () => 'image'),
  file('videoMessage', () => 'video'),
  file('ptvMessage', () => 'video'),
  file('audioMessage', (node) => (node.ptt === true ? 'voice' : 'audio')),
  file('documentMessage', () => 'document'),
  file('stickerMessage', () => 'sticker'),
];

function file(field: string, kindOf: (node: JsonRecord) => FileKind): ContentKind {
  return kind(field, (node, { viewOnce }) => readFile(kindOf(node), node, viewOnce || node.viewOnce === true));
}

function readFile(kindOfFile: FileKind, node: JsonRecord, viewOnce: boolean): Said {
  const { called, shown } = NAMES[kindOfFile];
  const caption = text(node.caption);
  const name = kindOfFile === 'document' ? cleanName(node.fileName ?? node.title) : undefined;
  // A phone writes a document's name under it where its sender wrote nothing.
  const written = caption === name ? undefined : caption;
  const reference = fileReference(kindOfFile, node);
  const instead = onThePhone([viewOnce ? 'view once' : '', called, name ?? ''].filter((word) => word !== '').join(' '));
  return {
    words: reference === undefined ? [instead, ...(written === undefined ? [] : [written])].join(' ') : written,
    brief: written ?? `[${[called, ...(name === undefined ? [] : [name])].join(' ')}]`,
    file: reference,
    media: { kind: shown, ...(caption === undefined ? {} : { caption }) },
  };
}
