import sharp from 'sharp';

const FRAME = { width: 24, height: 16, channels: 3, background: { r: 200, g: 60, b: 20 } } as const;

/** 64 by 48 pixels of one colour. Kept as it is: there is an encoder for none of the libraries here. */
const HEIC =
  'AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAa1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAA' +
  'AAAAAA5waXRtAAAAAAACAAAAEGlkYXQAAAAAAEAAMAAAADhpbG9jAQAAAERAAAIAAQAAAAAAAAHRAAEAAAAAAAAAGQACAAEA' +
  'AAAAAAAAAQAAAAAAAAAIAAAAOGlpbmYAAAAAAAIAAAAVaW5mZQIAAAEAAQAAaHZjMQAAAAAVaW5mZQIAAAAAAgAAZ3JpZAAA' +
  'AADYaXBycAAAALZpcGNvAAAAdmh2Y0MBA3AAAAAAAAAAAAAe8AD8/fj4AAAPAyAAAQAYQAEMAf//A3AAAAMAkAAAAwAAAwAe' +
  'ugJAIQABACpCAQEDcAAAAwCQAAADAAADAB6gIIEFlurkprm4EBAwIAAAAwAgAAADACEiAAEABkQBwXPAiQAAABRpc3BlAAAA' +
  'AAAAAEAAAABAAAAAFGlzcGUAAAAAAAAAQAAAADAAAAAQcGl4aQAAAAADCAgIAAAAGmlwbWEAAAAAAAAAAgABAoECAAICA4QA' +
  'AAAaaXJlZgAAAAAAAAAOZGltZwACAAEAAQAAACFtZGF0AAAAFSgBrwQY+Mpx1//t/x+/4C3Z5IR5wA==';

/** Returns a small picture that any viewer opens. */
export const sample = {
  jpeg: () => sharp({ create: FRAME }).jpeg().toBuffer(),
  png: () => sharp({ create: FRAME }).png().toBuffer(),
  webp: () => sharp({ create: FRAME }).webp().toBuffer(),
  transparentWebp: () =>
    sharp({ create: { ...FRAME, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } } })
      .webp()
      .toBuffer(),
  avif: () => sharp({ create: FRAME }).avif().toBuffer(),
  heic: () => Promise.resolve(Buffer.from(HEIC, 'base64')),
  tiff: () => sharp({ create: FRAME }).tiff().toBuffer(),
  /** 52 million pixels in a few kilobytes. */
  bomb: () =>
    sharp({ create: { ...FRAME, width: 8_000, height: 6_500 } })
      .toColourspace('b-w')
      .tiff({ compression: 'deflate', predictor: 'none', bitdepth: 1 })
      .toBuffer(),
  gif: () => sharp({ create: FRAME }).gif().toBuffer(),
  movingGif: async () => {
    const frames = await Promise.all(
      [20, 200].map((r) =>
        sharp({ create: { ...FRAME, background: { r, g: 0, b: 0 } } })
          .png()
          .toBuffer(),
      ),
    );
    return await sharp(frames, { join: { animated: true } })
      .gif({ delay: [100, 100] })
      .toBuffer();
  },
  pdf: () => Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<<>>\n%%EOF\n'),
};
