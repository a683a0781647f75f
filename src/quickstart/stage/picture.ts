import { PNG } from 'pngjs';

/** Returns a PNG: a coloured square stands for a photo of a cake. */
export function picture(red: number, green: number, blue: number): Buffer {
  const image = new PNG({ width: 64, height: 64 });
  for (let at = 0; at < image.data.length; at += 4) image.data.set([red, green, blue, 255], at);
  return PNG.sync.write(image);
}
