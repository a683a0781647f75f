import fc from 'fast-check';
import { claimedName, cleanName } from '../../src/media/name';
import { FILE_TYPES, OLE_TYPES, TEXT_TYPES, ZIP_TYPES, type FileType } from '../../src/media/type/fileTypes';

const { jpg, pdf, mp4, ogg, zip } = FILE_TYPES;
const ALL: FileType[] = [...Object.values<FileType>(FILE_TYPES), ...ZIP_TYPES, ...OLE_TYPES, ...TEXT_TYPES];

const CASES: [string, string, FileType, string][] = [
  ['keeps an ordinary one', 'Price list 2026.pdf', pdf, 'Price list 2026.pdf'],
  ['keeps letters of any script', 'présupuesto 価格表.pdf', pdf, 'présupuesto 価格表.pdf'],
  ['keeps either spelling of an ending', 'a.JPEG', jpg, 'a.jpeg'],
  ['gives an ending', 'photo', jpg, 'photo.jpg'],
  ['replaces a wrong ending', 'photo.webp', jpg, 'photo.jpg'],
  ['keeps a dot that begins no ending', 'offer v1.2', pdf, 'offer v1.2.pdf'],
  ['replaces several endings', 'invoice.pdf.exe', pdf, 'invoice.pdf'],
  ['replaces a hidden one', 'invoice.exe.pdf', pdf, 'invoice.pdf'],
  ['takes no path', '../../etc/passwd', zip, 'passwd.zip'],
  ['takes no Windows path', 'C:\\Windows\\system.dll', zip, 'system.zip'],
  ['takes no path in look-alikes', '..%2f..%2fa.pdf', pdf, '2f.. 2fa.pdf'],
  ['begins with no dot', '.htaccess.pdf', pdf, 'htaccess.pdf'],
  ['is more than dots', '...', mp4, 'video.mp4'],
  ['drops control characters', 'a\u0000b\r\nc\u007f.pdf', pdf, 'abc.pdf'],
  ['drops what turns the reading direction', 'gpj.\u202Efdp.pdf', pdf, 'gpj.fdp.pdf'],
  ['drops invisible marks', 'pay\u200Bpal\uFEFF.pdf', pdf, 'paypal.pdf'],
  ['drops halves of pairs', 'a\uD83Db.pdf', pdf, 'ab.pdf'],
  ['keeps whole pairs', 'party🎉.pdf', pdf, 'party🎉.pdf'],
  ['leaves out what a header or template reads', 'a"b;c%name%{x|y}.pdf', pdf, 'a b;c name x y.pdf'],
  ['names what has no name', '', ogg, 'audio.ogg'],
];

describe('cleanName', () => {
  it.each(CASES)('%s', (_name, claimed, type, clean) => {
    expect(cleanName(claimed, type)).toBe(clean);
  });

  it('is short, and cut at no half of a pair', () => {
    expect(cleanName(`${'🎉'.repeat(100)}.pdf`, pdf)).toBe(`${'🎉'.repeat(38)}.pdf`);
  });

  const anyType = fc.constantFrom(...ALL);
  const anyName = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: fc.constantFrom('.', '/', '\\', 'a', '\u202E', '\u0000', ' ', 'exe', '.pdf', '🎉', '\uD800') }),
  );

  it('holds for every text that somebody may call a file', () => {
    fc.assert(
      fc.property(anyName, anyType, (claimed, type) => {
        const name = cleanName(claimed, type);
        expect(name.length).toBeLessThanOrEqual(80);
        expect(name).not.toMatch(/^[.\s-]|[/\\:*?"<>|#%{}]|\.\.$/);
        expect(name).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(type.endings).toContain(name.split('.').at(-1));
        expect(name.split('.')[0]).not.toBe('');
        expect(encodeURIComponent(name)).toEqual(expect.any(String));
      }),
    );
  });

  it('changes nothing of a clean one', () => {
    fc.assert(
      fc.property(anyName, anyType, (claimed, type) => {
        const name = cleanName(claimed, type);
        expect(cleanName(name, type)).toBe(name);
      }),
    );
  });
});

describe('claimedName', () => {
  it.each([
    ['the given one', { url: 'https://x.example/a.jpg', name: 'b.jpg' }, 'b.jpg'],
    ["the address's last segment, without its query", { url: 'https://x.example/p/a%20b.jpg?sig=c.exe' }, 'a b.jpg'],
    ['the address where the name is blank', { url: 'https://x.example/a.jpg', name: ' ' }, 'a.jpg'],
    ['a segment that can not be decoded', { url: 'https://x.example/a%ff.jpg' }, 'a%ff.jpg'],
    ['nothing of no address', { url: 'nonsense' }, ''],
  ])('is %s', (_name, source, claimed) => {
    expect(claimedName(source)).toBe(claimed);
  });
});
