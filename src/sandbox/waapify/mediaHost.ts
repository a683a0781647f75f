import { createCipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { empty, text, type Answer } from '../kit/answer';
import type { SandboxRequest } from '../kit/http';
import { parsed } from '../kit/parse';
import type { WaapifyState } from './records/state';

/** WhatsApp media scheme: the word of each kind in its keys, and the property that names it in a message. */
const KINDS = {
  image: ['Image', 'imageMessage'],
  sticker: ['Image', 'stickerMessage'],
  video: ['Video', 'videoMessage'],
  audio: ['Audio', 'audioMessage'],
  voice: ['Audio', 'audioMessage'],
  document: ['Document', 'documentMessage'],
} as const;

export const hostedFileSchema = z.strictObject({
  kind: z.enum(['image', 'sticker', 'video', 'audio', 'voice', 'document']),
  bytes: z.instanceof(Buffer),
  mimetype: z.string(),
  caption: z.string().optional(),
  fileName: z.string().optional(),
  /** What the store answers: the file, or this status without it (404, 410: it is too old). */
  status: z.number().int().default(200),
  /** The store takes so long. */
  delayMs: z.number().int().min(0).default(0),
  /** One bit of it is turned over. */
  damaged: z.boolean().default(false),
});

/** A file that somebody sends. */
export type HostedFileInput = z.input<typeof hostedFileSchema>;

/** A file as it lies in WhatsApp's store. */
export interface HostedFile {
  bytes: Buffer;
  status: number;
  delayMs: number;
}

const PATH = '/mms/';

function encrypted(word: string, key: Buffer, plain: Buffer): Buffer {
  const keys = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(32), Buffer.from(`WhatsApp ${word} Keys`), 112));
  const [iv, cipherKey, macKey] = [keys.subarray(0, 16), keys.subarray(16, 48), keys.subarray(48, 80)];
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  const mac = createHmac('sha256', macKey)
    .update(Buffer.concat([iv, body]))
    .digest();
  return Buffer.concat([body, mac.subarray(0, 10)]);
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');

/**
 * Puts a file into WhatsApp's store, encrypted under a key of its own. Returns the content of the message that brings
 * it, in the Baileys form. `origin` is the stand-in's own address.
 */
export function hostFile(state: WaapifyState, origin: string, input: HostedFileInput): Record<string, unknown> {
  const { kind, bytes, mimetype, caption, fileName, ...behaviour } = parsed(hostedFileSchema, input);
  const [word, property] = KINDS[kind];
  const mediaKey = randomBytes(32);
  const lying = encrypted(word, mediaKey, bytes);
  const path = `${PATH}${randomBytes(12).toString('hex')}.enc`;
  const node = {
    url: `${origin}${path}`,
    directPath: path,
    mimetype,
    mediaKey: mediaKey.toString('base64'),
    fileSha256: sha256(bytes),
    fileEncSha256: sha256(lying),
    fileLength: String(bytes.length),
    ...(caption !== undefined && { caption }),
    ...(fileName !== undefined && { fileName }),
    ...(kind === 'voice' && { ptt: true }),
  };
  if (behaviour.damaged) lying.writeUInt8(lying.readUInt8(0) ^ 1, 0);
  state.files.set(path, { bytes: lying, ...behaviour });
  return { [property]: node };
}

/** Returns whether a request is one for a file of WhatsApp's store. */
export function isHostedFile({ path }: SandboxRequest): boolean {
  return path.startsWith(PATH);
}

/** Returns a file, whoever asks: what protects it is its key alone. */
export async function answerHostedFile(state: WaapifyState, { path }: SandboxRequest): Promise<Answer> {
  const file = state.files.get(path);
  if (file === undefined) return empty(404);
  await state.timers.after(file.delayMs);
  return file.status === 200 ? text(200, file.bytes, 'application/octet-stream') : empty(file.status);
}
