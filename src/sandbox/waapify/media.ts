import { createHash } from 'node:crypto';
import { request } from 'undici';
import type { FetchedMedia } from './records/types';

/** How long the gateway's worker takes at most, inside the 20 s of its PHP front (Waapify API behaviour). */
const FETCH_TIMEOUT_MS = 20_000;

/** Fetches a file as the gateway does before it sends. Returns what it got, or undefined when there is no file. */
export async function fetchMedia(url: string): Promise<FetchedMedia | undefined> {
  try {
    const answer = await request(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    const body = Buffer.from(await answer.body.arrayBuffer());
    if (answer.statusCode !== 200) return undefined;
    return {
      status: answer.statusCode,
      contentType: String(answer.headers['content-type'] ?? ''),
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
    };
  } catch {
    return undefined;
  }
}
