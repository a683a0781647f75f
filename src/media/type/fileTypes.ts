import type { MediaKind } from '../../domain/parts';

/** A type of file that may be sent. */
export interface FileType {
  /** The media type under which it is offered. */
  mime: string;
  /** Endings of its names; the first one is given where a name has none of them. */
  endings: readonly [string, ...string[]];
  /** What it is, and so how large it may be. How it is shown is another matter (see shownAs). */
  kind: MediaKind;
}

const image = (mime: string, ...endings: FileType['endings']): FileType => ({ mime, endings, kind: 'image' });
const video = (mime: string, ...endings: FileType['endings']): FileType => ({ mime, endings, kind: 'video' });
const audio = (mime: string, ...endings: FileType['endings']): FileType => ({ mime, endings, kind: 'audio' });
const document = (mime: string, ...endings: FileType['endings']): FileType => ({ mime, endings, kind: 'document' });

/**
 * The types that are sent, by the name that the sniffing library has for them, or ours where it has none. Not here, so
 * refused: programs, scripts, web pages and SVG (a picture that runs scripts). Videos that WhatsApp does not play are
 * documents.
 */
export const FILE_TYPES = {
  jpg: image('image/jpeg', 'jpg', 'jpeg'),
  png: image('image/png', 'png'),
  gif: image('image/gif', 'gif'),
  webp: image('image/webp', 'webp'),
  heif: image('image/heic', 'heic', 'heif'),
  avif: image('image/avif', 'avif'),
  tif: image('image/tiff', 'tiff', 'tif'),
  bmp: image('image/bmp', 'bmp'),
  mp4: video('video/mp4', 'mp4'),
  '3gp': video('video/3gpp', '3gpp'),
  mp3: audio('audio/mpeg', 'mp3'),
  ogg: audio('audio/ogg', 'ogg'),
  m4a: audio('audio/mp4', 'm4a'),
  aac: audio('audio/aac', 'aac'),
  wav: audio('audio/wav', 'wav'),
  amr: audio('audio/amr', 'amr'),
  flac: audio('audio/flac', 'flac'),
  mov: document('video/quicktime', 'mov', 'qt'),
  mkv: document('video/x-matroska', 'mkv', 'webm'),
  avi: document('video/x-msvideo', 'avi'),
  pdf: document('application/pdf', 'pdf'),
  rtf: document('application/rtf', 'rtf'),
  zip: document('application/zip', 'zip'),
  rar: document('application/vnd.rar', 'rar'),
  '7z': document('application/x-7z-compressed', '7z'),
} as const satisfies Record<string, FileType>;

/** What a zip may be by the ending of its name: these formats are zips, and their first bytes do not tell which. */
export const ZIP_TYPES: readonly FileType[] = [
  document('application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'),
  document('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'),
  document('application/vnd.openxmlformats-officedocument.presentationml.presentation', 'pptx'),
  document('application/vnd.oasis.opendocument.text', 'odt'),
  document('application/vnd.oasis.opendocument.spreadsheet', 'ods'),
  document('application/vnd.oasis.opendocument.presentation', 'odp'),
  document('application/epub+zip', 'epub'),
];

/** Likewise for the old office formats. The same container holds installers, so without one of these it is refused. */
export const OLE_TYPES: readonly FileType[] = [
  document('application/msword', 'doc'),
  document('application/vnd.ms-excel', 'xls'),
  document('application/vnd.ms-powerpoint', 'ppt'),
];

/** What a text may be by the ending of its name. */
export const TEXT_TYPES: readonly FileType[] = [
  document('text/plain', 'txt', 'log', 'md', 'json'),
  document('text/csv', 'csv', 'tsv'),
  document('text/vcard', 'vcf'),
  document('text/calendar', 'ics'),
];
