import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Convert } from './convert/convert';
import { download, type DownloadOptions } from './fetch/download';
import type { MediaFolder } from './folder';
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
 * Fetches an attachment, checks it, and writes it anew where WhatsApp would show it wrongly. Leaves nothing in the
 * folder but what it returns. Throws a DomainError `media_*`.
 */
export async function makeFile(source: MediaSource, options: MakeOptions, signal: AbortSignal): Promise<MadeFile> {
  const { folder, fetch } = options;
  const claimed = claimedName(source);
  const { path, handle } = await folder.create();
  try {
    const fetching = { ...fetch, onBytes: folder.grow };
    const fetched = await download(source.url, endingOf(claimed), handle, fetching, signal).finally(() =>
      handle.close(),
    );
    const type = fetched.type === 'maybe_text' ? await textTypeOf(path, claimed) : fetched.type;
    if (type === null) throw mediaError('media_type_refused');
    const better = await converted(path, type, claimed, options, signal);
    if (better === null) return { ...fetched, path, ...shown(claimed, type) };
    await folder.remove(path);
    return better;
  } catch (error) {
    await folder.remove(path);
    throw signal.aborted ? mediaError('media_interrupted') : error;
  }
}

/** Returns the file as it was written anew, or null where that was not needed, not possible or grew too large. */
async function converted(
  from: string,
  type: FileType,
  claimed: string,
  { folder, convert, fetch }: MakeOptions,
  signal: AbortSignal,
): Promise<MadeFile | null> {
  const { path, handle } = await folder.create();
  await handle.close();
  try {
    const made = await convert(type, from, path, signal);
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
