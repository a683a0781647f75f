import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Convert, ShownIn } from './convert/convert';
import { fetchEncrypted } from './encrypted/fetchEncrypted';
import { download, type Download, type DownloadOptions } from './fetch/download';
import type { MediaFolder, PartFile } from './folder';
import type { KeptMedia, MediaSource } from './media';
import { mediaError } from './mediaError';
import { claimedName, cleanName } from './name';
import type { FileType } from './type/fileTypes';
import { textTypeOf } from './type/plainText';
import { endingOf, shownAs } from './type/shownAs';

/** A file that is ready to be kept; it lies at `path` until then. */
export interface MadeFile extends Omit<KeptMedia, 'mediaId'> {
  path: string;
}

export interface MakeOptions {
  folder: MediaFolder;
  convert: Convert;
  fetch: Omit<DownloadOptions, 'onBytes'>;
}

/**
 * Fetches a file, checks it, and writes it anew where it would show wrongly: an attachment in WhatsApp, a file that
 * arrived in GHL. Leaves nothing in the folder but what it returns. Throws a DomainError `media_*`.
 */
export async function makeFile(source: MediaSource, options: MakeOptions, signal: AbortSignal): Promise<MadeFile> {
  const { folder } = options;
  const claimed = claimedName(source);
  const part = await folder.create();
  const { path } = part;
  try {
    const fetched = await fetchPlain(source, endingOf(claimed), part, options, signal).finally(() =>
      part.handle.close(),
    );
    const type = fetched.type === 'maybe_text' ? await textTypeOf(path, claimed) : fetched.type;
    if (type === null) throw mediaError('media_type_refused');
    const shownIn = source.keys === undefined ? 'whatsapp' : 'ghl';
    const better = await converted(path, type, { claimed, shownIn }, options, signal);
    if (better === null) return { ...fetched, path, ...shown(claimed, type) };
    await folder.remove(path);
    return better;
  } catch (error) {
    await folder.remove(path);
    throw signal.aborted ? mediaError('media_interrupted') : error;
  }
}

async function fetchPlain(
  { url, keys }: MediaSource,
  ending: string,
  to: PartFile,
  { folder, fetch }: MakeOptions,
  signal: AbortSignal,
): Promise<Download> {
  const fetching = { ...fetch, folder, onBytes: folder.grow };
  return keys === undefined
    ? await download(url, ending, to.handle, fetching, signal)
    : await fetchEncrypted(url, keys, ending, to, fetching, signal);
}

/** Returns the file as it was written anew, or null where that was not needed, not possible or grew too large. */
async function converted(
  from: string,
  type: FileType,
  { claimed, shownIn }: { claimed: string; shownIn: ShownIn },
  { folder, convert, fetch }: MakeOptions,
  signal: AbortSignal,
): Promise<MadeFile | null> {
  const { path, handle } = await folder.create();
  await handle.close();
  try {
    const made = await convert(type, from, path, signal, shownIn);
    const facts = made === null ? null : await factsOf(path);
    if (made === null || facts === null || facts.bytes === 0 || facts.bytes > fetch.capOf(made.kind)) {
      await folder.remove(path);
      return null;
    }
    folder.grow(facts.bytes);
    return { ...facts, path, ...shown(claimed, made) };
  } catch (error) {
    await folder.remove(path);
    throw error;
  }
}

function shown(claimed: string, type: FileType): Pick<MadeFile, 'name' | 'kind' | 'type'> {
  const name = cleanName(claimed, type);
  return { name, kind: shownAs(name), type: type.mime };
}

async function factsOf(path: string): Promise<Pick<MadeFile, 'bytes' | 'sha256'>> {
  const hash = createHash('sha256');
  const file = createReadStream(path);
  await pipeline(file, hash);
  return { bytes: file.bytesRead, sha256: hash.digest('hex') };
}
