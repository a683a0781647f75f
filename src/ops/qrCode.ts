import { PNG } from 'pngjs';

/** Pictures larger than this in either direction are no QR codes, and would fill the memory. */
const MOST_PIXELS = 4_000;
/** The quiet zone that scanners want around a code, in modules (ISO 18004). */
const QUIET = 4;
/** The corner mark of every code is seven modules wide, on each of its edges dark throughout. */
const FINDER = 7;

/** Black on white whatever the terminal's colours are. */
const WHITE_PAPER = '\u001b[30;107m';
const RESET = '\u001b[0m';

type Bitmap = (x: number, y: number) => boolean;

/** Returns a QR code, given as PNG, as lines for a terminal (two rows of modules in each); null when the picture is no QR code. */
export function renderQr(png: Buffer): string | null {
  const modules = readModules(png);
  if (modules === null) return null;
  const { size, isDark } = modules;
  const lines: string[] = [];
  for (let y = -QUIET; y < size + QUIET; y += 2) {
    let line = '';
    for (let x = -QUIET; x < size + QUIET; x++) {
      line += halfBlock(isDark(x, y), isDark(x, y + 1));
    }
    lines.push(`${WHITE_PAPER}${line}${RESET}`);
  }
  return lines.join('\n');
}

function halfBlock(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
}

/** The code's own grid: how many modules each side has, and which of them are dark (outside of it none). */
function readModules(png: Buffer): { size: number; isDark: Bitmap } | null {
  const image = decode(png);
  if (image === null) return null;
  const { left, top, width, height } = darkBox(image);
  const pitch = runFrom(image, left, top) / FINDER;
  const size = Math.round(width / pitch);
  const square = Math.abs(width - height) <= pitch / 2;
  if (!square || size < 21 || size > 177 || (size - 17) % 4 !== 0) return null;
  const at = (module: number): number => Math.floor((module + 0.5) * pitch);
  const inside = (module: number): boolean => module >= 0 && module < size;
  return { size, isDark: (x, y) => inside(x) && inside(y) && image.isDark(left + at(x), top + at(y)) };
}

interface Image {
  width: number;
  height: number;
  isDark: Bitmap;
}

function decode(png: Buffer): Image | null {
  try {
    // Width and height stand at a fixed place of the first chunk: looked at before memory is taken for the pixels.
    if (Math.max(png.readUInt32BE(16), png.readUInt32BE(20)) > MOST_PIXELS) return null;
    const { width, height, data } = PNG.sync.read(png);
    const isDark: Bitmap = (x, y) => {
      const [red = 255, green = 255, blue = 255, alpha = 0] = data.subarray((y * width + x) * 4);
      return alpha > 127 && red + green + blue < 384;
    };
    return { width, height, isDark };
  } catch {
    return null;
  }
}

/** Returns the smallest box that holds all that is dark; empty (width 0) where nothing is. */
function darkBox({ width, height, isDark }: Image): { left: number; top: number; width: number; height: number } {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isDark(x, y)) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return { left, top, width: Math.max(0, right - left + 1), height: Math.max(0, bottom - top + 1) };
}

/** Returns how many dark pixels follow each other to the right of a place. */
function runFrom({ width, isDark }: Image, x: number, y: number): number {
  let end = x;
  while (end < width && isDark(end, y)) end += 1;
  return end - x;
}
