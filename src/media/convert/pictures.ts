import type { Sharp, SharpOptions } from 'sharp';
import { FILE_TYPES, type FileType } from '../type/fileTypes';
import { decodeHeic } from './heic';

/** Reads and writes pictures, where the library for that can be loaded. */
export interface Pictures {
  /** Writes a picture anew as JPEG, or as PNG where it is transparent. Returns the type, or null: not readable. */
  rewrite(from: string, to: string): Promise<FileType | null>;
  /** Likewise of a HEIC file, which takes a decoder of its own. */
  rewriteHeic(from: string, to: string): Promise<FileType | null>;
  /** Returns whether a picture moves. */
  moves(path: string): Promise<boolean>;
}

type Open = (from: string | Buffer, options: SharpOptions) => Sharp;

/** Some 50 megapixels, 200 MB unpacked: above any phone's picture, and far below what a bomb unpacks to. */
const MOST_PIXELS = 50_000_000;
const LONGEST_S = 20;
const OPTIONS: SharpOptions = { limitInputPixels: MOST_PIXELS, sequentialRead: true, failOn: 'error' };
const JPEG_QUALITY = 85;

/** Returns pictures by the image library; it is loaded when first needed, and its lack is no error. */
export function createPictures(load: () => Promise<Open> = loadSharp): Pictures {
  let loaded: Promise<Open | null> | undefined;
  const using = async <T>(otherwise: T, work: (open: Open) => Promise<T>): Promise<T> => {
    const open = await (loaded ??= load().catch(() => null));
    return open === null ? otherwise : await work(open).catch(() => otherwise);
  };
  return {
    rewrite: (from, to) => using(null, (open) => rewrite(open, from, to)),
    rewriteHeic: (from, to) => using(null, (open) => rewriteHeic(open, from, to)),
    moves: (path) => using(false, async (open) => ((await open(path, OPTIONS).metadata()).pages ?? 1) > 1),
  };
}

/** Turned as the camera was held; what else the camera wrote down, the place among it, is left out. */
async function rewrite(open: Open, from: string, to: string): Promise<FileType> {
  const picture = open(from, OPTIONS).autoOrient().timeout({ seconds: LONGEST_S });
  const transparent = (await picture.metadata()).hasAlpha && !(await open(from, OPTIONS).stats()).isOpaque;
  await (transparent ? picture.png() : picture.flatten().jpeg({ quality: JPEG_QUALITY })).toFile(to);
  return transparent ? FILE_TYPES.png : FILE_TYPES.jpg;
}

/** Phones write their pictures so, and the image library's own binaries lack the decoder. */
async function rewriteHeic(open: Open, from: string, to: string): Promise<FileType> {
  const { data, width, height } = await decodeHeic(from, MOST_PIXELS);
  const picture = open(data, { raw: { width, height, channels: 4 } }).timeout({ seconds: LONGEST_S });
  await picture.flatten().jpeg({ quality: JPEG_QUALITY }).toFile(to);
  return FILE_TYPES.jpg;
}

async function loadSharp(): Promise<Open> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
}
