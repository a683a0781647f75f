import type { MediaKind } from '../../domain/parts';

/** Waapify API behaviour: it goes by the ending of the address alone, and everything else is a document. */
const SHOWN: Record<string, MediaKind> = {
  jpg: 'image',
  jpeg: 'image',
  png: 'image',
  gif: 'image',
  mp4: 'video',
  '3gpp': 'video',
  mp3: 'audio',
  ogg: 'audio',
};

/** Returns what WhatsApp shows a file of that name as. */
export function shownAs(name: string): MediaKind {
  return SHOWN[endingOf(name)] ?? 'document';
}

/** Returns what stands behind the last dot, in lower case; `` where there is none. */
export function endingOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}
