import { Worker } from 'node:worker_threads';

/** A picture unpacked: four bytes a pixel, red, green, blue and how far one sees through. */
export interface RawPicture {
  data: Buffer;
  width: number;
  height: number;
}

/**
 * What the thread runs. The decoder is WebAssembly and holds up its thread for a second or two, which has to be another
 * one than ours. As a text, because a thread starts from JavaScript, whatever this file is run as.
 */
const DECODE = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { readFileSync } = require('node:fs');
  const { HeifDecoder } = require(workerData.decoder);
  const [picture] = new HeifDecoder().decode(readFileSync(workerData.path));
  const [width, height] = [picture.get_width(), picture.get_height()];
  if (width * height > workerData.mostPixels) throw new Error('too many pixels');
  const empty = { data: new Uint8ClampedArray(width * height * 4), width, height };
  picture.display(empty, ({ data }) => parentPort.postMessage({ data, width, height }));
`;

type Decoded = Omit<RawPicture, 'data'> & { data: Uint8ClampedArray<ArrayBuffer> };

const LONGEST_MS = 20_000;

/**
 * Returns the first picture of a HEIC file, turned as the camera was held. Throws where it can not be read, has more
 * pixels than that, or takes too long; a plain error, for the caller has another way.
 */
export async function decodeHeic(path: string, mostPixels: number): Promise<RawPicture> {
  const decoder = require.resolve('libheif-js/wasm-bundle');
  const workerData = { decoder, path, mostPixels };
  // It says what it thinks of a broken file; its words are kept from our log.
  const quiet = { stdout: true, stderr: true };
  const thread = new Worker(DECODE, { eval: true, workerData, env: {}, ...quiet });
  let timer: NodeJS.Timeout | undefined;
  try {
    const { data, width, height } = await new Promise<Decoded>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error('The decoder took too long.')), LONGEST_MS);
      thread.once('message', resolve).once('error', reject);
      thread.once('exit', () => reject(new Error('The decoder ended without a picture.')));
    });
    return { data: Buffer.from(data.buffer), width, height };
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
