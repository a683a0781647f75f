import { createHash } from 'node:crypto';
import { PNG } from 'pngjs';

/** Returns a small picture; another `shade` (0 to 255) is another picture. */
export function png(shade = 0): Buffer {
  const picture = new PNG({ width: 8, height: 8 });
  picture.data.fill(shade);
  return PNG.sync.write(picture);
}

/** Returns a document of some kilobytes with words of its own. */
export function pdf(words: string): Buffer {
  return Buffer.from(`%PDF-1.4\n% ${words}\n${'0'.repeat(4000)}\n%%EOF\n`);
}

/** Returns bytes that an MP3 player takes for a (silent) file. */
export function mp3(): Buffer {
  const frame = Buffer.alloc(417);
  frame.set([0xff, 0xfb, 0x90, 0x00]);
  return Buffer.concat([Buffer.from('ID3\u0004\0\0\0\0\0\0', 'latin1'), ...Array.from({ length: 20 }, () => frame)]);
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
