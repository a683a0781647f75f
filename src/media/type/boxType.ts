import { FILE_TYPES, type FileType } from './fileTypes';

/** The family of MP4 (ISO base media): a box `ftyp` comes first and names the brand. */
const BRANDS: Record<string, FileType> = {
  avif: FILE_TYPES.avif,
  avis: FILE_TYPES.avif,
  heic: FILE_TYPES.heif,
  heix: FILE_TYPES.heif,
  hevc: FILE_TYPES.heif,
  heim: FILE_TYPES.heif,
  mif1: FILE_TYPES.heif,
  msf1: FILE_TYPES.heif,
  'M4A ': FILE_TYPES.m4a,
  'M4B ': FILE_TYPES.m4a,
  'qt  ': FILE_TYPES.mov,
};

/**
 * Returns the type of a file of the MP4 family, or null for a file of another. `mif1` means any picture of the family,
 * and which one stands among the compatible brands.
 */
export function boxTypeOf(head: Uint8Array): FileType | null {
  const text = Buffer.from(head.subarray(0, 64)).toString('latin1');
  if (text.slice(4, 8) !== 'ftyp') return null;
  const major = text.slice(8, 12);
  if (major === 'mif1' && text.includes('avif')) return FILE_TYPES.avif;
  if (major.startsWith('3g')) return FILE_TYPES['3gp'];
  return BRANDS[major] ?? FILE_TYPES.mp4;
}
