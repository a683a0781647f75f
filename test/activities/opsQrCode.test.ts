import * as qrcode from 'qrcode-terminal';
import { PNG } from 'pngjs';
import { renderQr } from '../../src/ops/qrCode';

/** The modules of a code, true for dark, as the reference encoder draws them. */
function modulesOf(content: string): boolean[][] {
  let drawn = '';
  qrcode.generate(content, { small: false }, (text) => (drawn = text));
  const rows = drawn
    .trimEnd()
    .split('\n')
    .map((line) => [...line.matchAll(/\u001b\[(40|47)m {2}\u001b\[0m/g)].map(([, colour]) => colour === '40'));
  // Its own margin of one module goes.
  return rows.slice(1, -1).map((row) => row.slice(1, -1));
}

/** A picture of modules as gateways send them. */
function picture(modules: boolean[][], { pitch, margin }: { pitch: number; margin: number }, alpha = 255): Buffer {
  const side = modules.length * pitch + 2 * margin;
  const png = new PNG({ width: side, height: side });
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const dark = modules[Math.floor((y - margin) / pitch)]?.[Math.floor((x - margin) / pitch)] ?? false;
      png.data.set([dark ? 0 : 255, dark ? 0 : 255, dark ? 0 : 255, dark ? 255 : alpha], (y * side + x) * 4);
    }
  }
  return PNG.sync.write(png);
}

/** Reads the drawn lines back into modules, without the quiet zone. */
function readBack(text: string): boolean[][] {
  const lines = text.split('\n').map((line) => line.replace(/\u001b\[[\d;]*m/g, ''));
  const rows = lines.flatMap((line) => [
    [...line].map((sign) => sign === '▀' || sign === '█'),
    [...line].map((sign) => sign === '▄' || sign === '█'),
  ]);
  const quiet = rows.slice(0, 4).concat(rows.map((row) => [...row.slice(0, 4), ...row.slice(-4)]));
  expect(quiet.flat()).not.toContain(true);
  const size = rows[0]!.length - 8;
  return rows.slice(4, 4 + size).map((row) => row.slice(4, 4 + size));
}

describe('a QR code in the terminal', () => {
  const LONG = '2@'.concat('aB3+/'.repeat(47));

  test.each([
    ['one pixel a module', 'short', { pitch: 1, margin: 0 }],
    ['with a margin', 'short', { pitch: 3, margin: 12 }],
    ['long, as WhatsApp’s are', LONG, { pitch: 4, margin: 16 }],
    ['large', LONG, { pitch: 7, margin: 5 }],
  ])('shows every module of the picture: %s', (_case, content, look) => {
    const modules = modulesOf(content);
    expect(modules.length).toBeGreaterThanOrEqual(21);
    expect(readBack(renderQr(picture(modules, look))!)).toEqual(modules);
  });

  test('what is transparent is paper', () => {
    const modules = modulesOf('short');
    expect(readBack(renderQr(picture(modules, { pitch: 2, margin: 2 }, 0))!)).toEqual(modules);
  });

  test.each([
    ['no PNG', Buffer.from('<html>')],
    ['nothing', Buffer.alloc(0)],
    ['a white picture', picture([[false]], { pitch: 30, margin: 0 })],
    ['a black picture', picture([[true]], { pitch: 30, margin: 0 })],
    ['half a file', picture(modulesOf('short'), { pitch: 2, margin: 2 }).subarray(0, 60)],
  ])('is not drawn from what is none: %s', (_case, png) => {
    expect(renderQr(png)).toBeNull();
  });

  test('a picture of more than 4,000 pixels a side is not decoded', () => {
    const png = PNG.sync.write(new PNG({ width: 4_001, height: 1 }), { colorType: 0 });
    const read = jest.spyOn(PNG.sync, 'read');
    expect(renderQr(png)).toBeNull();
    expect(read).not.toHaveBeenCalled();
    read.mockRestore();
  });
});
