import fc from 'fast-check';
import { base64Of } from '../../src/channels/whatsapp/webhook/bytes';
import { cleanName } from '../../src/channels/whatsapp/webhook/cleanName';
import { fileReference } from '../../src/channels/whatsapp/webhook/fileReference';
import { readVcard } from '../../src/channels/whatsapp/webhook/vcard';

describe('bytes in JSON', () => {
  const forms: [string, (bytes: Buffer) => unknown][] = [
    ['base64', (bytes) => bytes.toString('base64')],
    ['base64 for addresses', (bytes) => bytes.toString('base64url')],
    ['a list', (bytes) => [...bytes]],
    ['numbered keys', (bytes) => ({ ...[...bytes] })],
    ['a Buffer', (bytes) => bytes.toJSON()],
    ['a Buffer around base64', (bytes) => ({ type: 'Buffer', data: bytes.toString('base64') })],
    ['a Uint8Array', (bytes) => JSON.parse(JSON.stringify(new Uint8Array(bytes))) as unknown],
  ];

  test.each(forms)('as %s', (_form, write) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (raw) => {
        const bytes = Buffer.from(raw);
        expect(base64Of(write(bytes), 32)).toBe(bytes.toString('base64'));
      }),
    );
  });

  test('of another length, or no bytes, are none', () => {
    const other = [
      undefined,
      null,
      '',
      'x',
      7,
      [],
      [...Array(31).keys()],
      Array(32).fill(256),
      Array(32).fill('1'),
      {},
    ];
    for (const value of other) expect(base64Of(value, 32)).toBeUndefined();
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(base64Of(value, 32) ?? '').not.toHaveLength(1)));
  });
});

describe('the reference of a file', () => {
  const mediaKey = Buffer.alloc(32, 7).toString('base64');
  const node = { mediaKey, url: 'https://mmg.whatsapp.net/v/a.enc', directPath: '/v/a.enc' };

  test('needs a key and a place', () => {
    expect(fileReference('image', node)).toMatchObject({ kind: 'image', ...node });
    expect(fileReference('image', { ...node, mediaKey: '' })).toBeUndefined();
    expect(fileReference('image', { mediaKey })).toBeUndefined();
    expect(fileReference('image', { mediaKey, directPath: node.directPath })).toMatchObject({ url: undefined });
  });

  test.each([
    'https://web.whatsapp.net',
    'https://web.whatsapp.net/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'mmg.whatsapp.net/v/a.enc',
    `https://mmg.whatsapp.net/${'a'.repeat(2_048)}`,
    { href: 'https://mmg.whatsapp.net/v/a.enc' },
  ])('has no use for the address %j', (url) => {
    expect(fileReference('image', { mediaKey, url })).toBeUndefined();
  });

  test.each(['v/a.enc', '/v/a b.enc', '//evil.example/a.enc', `/${'a'.repeat(2_048)}`, 7])(
    'has no use for the path %j',
    (directPath) => {
      expect(fileReference('image', { mediaKey, directPath })).toBeUndefined();
    },
  );

  test('leaves out what is none: a size below one, a type with a line end, a hash of another length', () => {
    const odd = { fileLength: -1, mimetype: 'image/png\nx', fileSha256: 'AAAA', fileName: ' a\nb.png ' };
    const known = { type: undefined, bytes: undefined, sha256: undefined, name: 'a b.png' };
    expect(fileReference('image', { ...node, ...odd })).toMatchObject(known);
  });
});

describe('a contact card', () => {
  test('is read whatever its line ends, folds and groups', () => {
    const lines = ['BEGIN:VCARD', 'FN:Ali', ' Baba', 'item1.TEL;type=CELL:+60 11', 'tel;waid=60112:', 'END:VCARD'];
    const card = { name: 'AliBaba', phones: ['+60 11', '+60112'] };
    expect(readVcard(lines.join('\n'))).toEqual(card);
    expect(readVcard(lines.join('\r\n'))).toEqual(card);
  });

  test('names each number once, and keeps no line end or escape', () => {
    const vcard = 'FN:A\\, B\\nC\nTEL:1\nTEL;type=WORK:1\nTEL;VALUE=uri:tel:+602';
    expect(readVcard(vcard)).toEqual({ name: 'A, B C', phones: ['1', '+602'] });
  });

  test('that is none says nothing, and never throws', () => {
    expect(readVcard('')).toEqual({ phones: [] });
    fc.assert(fc.property(fc.string(), (vcard) => expect(readVcard(vcard).phones).not.toContain('')));
  });
});

test('a name is one line of moderate length, cut into no half of a character', () => {
  expect(cleanName(' Siti\r\n\u0000Aminah ')).toBe('Siti Aminah');
  expect(cleanName(`${'a'.repeat(199)}👍`)).toBe('a'.repeat(199));
  for (const none of [undefined, 7, '', ' \n ', '\u0000', '\ud83d']) expect(cleanName(none)).toBeUndefined();
});
