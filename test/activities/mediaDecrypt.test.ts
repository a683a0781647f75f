import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { decryptFile, type FileKeys } from '../../src/media/encrypted/decryptFile';
import { encryptFile } from '../support/encryptedFile';

interface Vector {
  kind: FileKeys['kind'];
  mediaKey: string;
  plain: string;
  lying: string;
  sha256: string;
  encSha256: string;
}
const { vectors } = JSON.parse(readFileSync(join(__dirname, '../support/mediaVectors.json'), 'utf8')) as {
  vectors: Vector[];
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bridge-decrypt-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Decrypts bytes by way of files, as they come. Returns what is in the second file, and what was returned or thrown. */
async function decrypt(keys: FileKeys, lying: Buffer): Promise<{ plain: Buffer; result: unknown }> {
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];
  await writeFile(from, lying);
  await writeFile(to, '');
  const result = await decryptFile(keys, from, to).catch((error: unknown) => error);
  return { plain: await readFile(to), result };
}
const UNREADABLE = { code: 'media_unreadable', retry: 'never' };

test.each(vectors)('a file of kind $kind is read as another implementation wrote it', async (vector) => {
  const { plain, result } = await decrypt(vector, Buffer.from(vector.lying, 'base64'));
  expect(plain.toString()).toBe(vector.plain);
  expect(result).toEqual({
    bytes: plain.length,
    sha256: Buffer.from(vector.sha256, 'base64').toString('hex'),
  });
});

test('files of any size are read, also without hashes', async () => {
  for (const bytes of [0, 1, 15, 16, 17, 65_535, 65_536, 300_001]) {
    const content = randomBytes(bytes);
    const { lying, keys } = await encryptFile('video', content);
    const { plain } = await decrypt({ kind: keys.kind, mediaKey: keys.mediaKey }, lying);
    expect(plain.equals(content)).toBe(true);
  }
});

test('one bit that was turned over anywhere: nothing of it is decrypted', async () => {
  const [{ mediaKey, kind, lying }] = vectors as [Vector];
  const bytes = Buffer.from(lying, 'base64');
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: bytes.length * 8 - 1 }), async (bit) => {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const { plain, result } = await decrypt({ mediaKey, kind }, changed);
      expect(result).toMatchObject(UNREADABLE);
      expect(plain).toHaveLength(0);
    }),
    { numRuns: 60 },
  );
});

const [image, , video] = vectors as [Vector, Vector, Vector];
const imageBytes = Buffer.from(image.lying, 'base64');
test.each<[string, FileKeys, Buffer]>([
  ['another kind', { ...image, kind: 'document' }, imageBytes],
  ['another key', { ...image, mediaKey: video.mediaKey }, imageBytes],
  ['a key that is too short', { ...image, mediaKey: 'c2hvcnQ=' }, imageBytes],
  ['a file that was cut by a block', image, imageBytes.subarray(0, -16)],
  ['a file that was cut within its last bytes', image, imageBytes.subarray(0, -3)],
  ['an empty file', image, Buffer.alloc(0)],
  ['no more than a MAC', image, imageBytes.subarray(-10)],
  ['another hash of what lies there', { ...image, encSha256: video.encSha256 }, imageBytes],
  ['another hash of what it says', { ...image, sha256: video.sha256 }, imageBytes],
])('%s is refused', async (_what, keys, lying) => {
  expect((await decrypt(keys, lying)).result).toMatchObject(UNREADABLE);
});
