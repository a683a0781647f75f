import { FILE_TYPES, OLE_TYPES, TEXT_TYPES, ZIP_TYPES, type FileType } from '../../src/media/type/fileTypes';
import { shownAs } from '../../src/media/type/shownAs';
import { HEAD_BYTES, sniff } from '../../src/media/type/sniff';
import { sample } from '../support/mediaSamples';

const padded = (head: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from(head as string, 'latin1'), Buffer.alloc(64)]);
const box = (brand: string, more = ''): Buffer => padded(`\0\0\0\x20ftyp${brand}\0\0\0\0${more}`);
const OLE = padded('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1');
const ZIP = padded('PK\x03\x04\x14\0');

const TYPES: [string, Buffer, string][] = [
  ['mp4', box('isom', 'iso2avc1mp41'), 'video/mp4'],
  ['mp4, as WhatsApp writes it', box('mp42'), 'video/mp4'],
  ['a voice memo of an iPhone', box('M4A '), 'audio/mp4'],
  ['QuickTime', box('qt  '), 'video/quicktime'],
  ['3GP', box('3gp4'), 'video/3gpp'],
  ['HEIC', box('heic', 'mif1heic'), 'image/heic'],
  ['HEIF of another brand', box('mif1', 'heic'), 'image/heic'],
  ['AVIF under the common brand', box('mif1', 'avif'), 'image/avif'],
  ['BMP', Buffer.concat([Buffer.from('BM\x10\x20\0\0', 'latin1'), Buffer.alloc(60)]), 'image/bmp'],
  ['ogg', padded('OggS\0\x02'), 'audio/ogg'],
  ['MP3 with a tag', padded('ID3\x03'), 'audio/mpeg'],
  ['MP3 without', padded('\xff\xfb\x90'), 'audio/mpeg'],
  ['AAC', padded('\xff\xf1\x50'), 'audio/aac'],
  ['WAV', padded('RIFF\x24\x08\0\0WAVEfmt '), 'audio/wav'],
  ['AVI', padded('RIFF\x24\x08\0\0AVI LIST'), 'video/x-msvideo'],
  ['AMR', padded('#!AMR\n'), 'audio/amr'],
  ['FLAC', padded('fLaC\0'), 'audio/flac'],
  ['WebM', padded('\x1aE\xdf\xa3'), 'video/x-matroska'],
  ['PDF', sample.pdf(), 'application/pdf'],
  ['RTF', padded('{\\rtf1\\ansi'), 'application/rtf'],
  ['RAR', padded('Rar!\x1a\x07\x01\0'), 'application/vnd.rar'],
  ['7z', padded('7z\xbc\xaf\x27\x1c'), 'application/x-7z-compressed'],
];

const REFUSED: [string, Buffer][] = [
  ['a Windows program', padded('MZ\x90\0\x03')],
  ['a Linux program', padded('\x7fELF\x02\x01\x01\0')],
  ['a Mac program', padded('\xcf\xfa\xed\xfe')],
  ['Java', padded('\xca\xfe\xba\xbe\0\0')],
  ['Android code', padded('dex\n035\0')],
  ['WebAssembly', padded('\0asm\x01\0\0\0')],
  ['a Flash film', padded('FWS\x06\0')],
  ['a gzip', padded('\x1f\x8b\x08\0')],
  ['a disk image', padded('koly\0\0')],
  ['a font', padded('OTTO\0')],
  ['zeros', Buffer.alloc(5_000)],
];

const mimeOf = (head: Buffer, ending = ''): unknown => {
  const type = sniff(head, ending);
  return typeof type === 'string' ? type : type.mime;
};

describe('sniff', () => {
  it.each(TYPES)('knows %s, cut anywhere behind its signature', (_name, head, mime) => {
    expect(mimeOf(head)).toBe(mime);
    expect(mimeOf(head.subarray(0, 20))).toBe(mime);
  });

  it.each(['jpeg', 'png', 'gif', 'webp', 'avif', 'tiff'] as const)('knows a real %s', async (name) => {
    expect(mimeOf((await sample[name]()).subarray(0, HEAD_BYTES))).toBe(`image/${name}`);
  });

  it.each(REFUSED)('refuses %s', (_name, head) => {
    expect(sniff(head, 'pdf')).toBe('refused');
  });

  it.each(['PLEASE READ', 'GO', 'BMW prices', '{"a":1}', '[1]', 'MZ', '1', ''])(
    'leaves %p to be read as text',
    (text) => {
      expect(sniff(Buffer.from(text), 'jpg')).toBe('maybe_text');
    },
  );

  it.each([
    ['docx', ZIP, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['ods', ZIP, 'application/vnd.oasis.opendocument.spreadsheet'],
    ['apk', ZIP, 'application/zip'],
    ['jpg', ZIP, 'application/zip'],
    ['xls', OLE, 'application/vnd.ms-excel'],
    ['msi', OLE, 'refused'],
    ['', OLE, 'refused'],
  ])('lets the ending %p choose within a container only', (ending, head, mime) => {
    expect(mimeOf(head, ending)).toBe(mime);
  });
});

describe('the types', () => {
  const all: FileType[] = [...Object.values<FileType>(FILE_TYPES), ...ZIP_TYPES, ...OLE_TYPES, ...TEXT_TYPES];

  it('are shown as what they are, or as documents, by all of their endings alike', () => {
    for (const { kind, endings } of all) {
      const shown = new Set(endings.map((ending) => shownAs(`a.${ending}`)));
      expect([kind, shown.size]).toEqual([kind, 1]);
      expect([kind, 'document']).toEqual(expect.arrayContaining([...shown]));
    }
  });

  it('have each ending once', () => {
    const endings = all.flatMap((type) => type.endings);
    expect(endings).toEqual([...new Set(endings)]);
  });
});
