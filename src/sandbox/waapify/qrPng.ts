import { crc32, deflateSync } from 'node:zlib';
import * as qrcode from 'qrcode-terminal';

const SCALE = 6;
const DARK = 0;
const LIGHT = 255;

/** Returns the modules of a QR code, quiet zone included, by rows; true is dark. */
function modulesOf(content: string): boolean[][] {
  let drawn = '';
  // As a method: it reads its error level from `this`.
  qrcode.generate(content, { small: false }, (text) => {
    drawn = text;
  });
  // One cell is a background colour, two spaces and a reset: 40 is black, 47 is white.
  const rows = drawn
    .split('\n')
    .map((line) => [...line.matchAll(/\[(4[07])m {2}/g)].map(([, colour]) => colour === '40'));
  return rows.filter((row) => row.length > 0);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** Returns a greyscale PNG of a QR code with this content. */
export function qrPng(content: string): Buffer {
  const rows = modulesOf(content).map((row) => row.flatMap((dark) => Array<number>(SCALE).fill(dark ? DARK : LIGHT)));
  const width = rows[0]?.length ?? 0;
  // Each line begins with its filter: 0, none.
  const pixels = rows.flatMap((row) => Array<Buffer>(SCALE).fill(Buffer.from([0, ...row])));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(pixels.length, 4);
  header.writeUInt8(8, 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(pixels))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
