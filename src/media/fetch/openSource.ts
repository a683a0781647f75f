import { mediaError, type MediaErrorCode } from '../mediaError';
import { ask, type Answer, type FetchLimits } from './ask';
import type { Resolver } from './checkedLookup';
import { redirectOf, targetOf, type AllowedHost } from './target';

export interface SourceOptions {
  allowed: readonly AllowedHost[];
  resolve: Resolver;
  limits: FetchLimits;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 3;
/** The client errors that pass by themselves (RFC 9110): a timeout, too early, too many requests. */
const PASSING = new Set([408, 425, 429]);

/**
 * Returns the answer that carries the file of an address, its body not read yet. Follows at most three redirects, each
 * checked like a first address, none from https to http. Throws a DomainError `media_*`.
 */
export async function openSource(address: string, options: SourceOptions, signal: AbortSignal): Promise<Answer> {
  let target = targetOf(address, options.allowed);
  for (let followed = 0; ; followed++) {
    const answer = await ask(target, options, signal);
    try {
      if (!REDIRECTS.has(answer.status)) return usable(answer);
      if (followed === MOST_REDIRECTS) throw mediaError('media_redirects');
      target = redirectOf(target, answer.header('location'), options.allowed);
    } catch (error) {
      answer.close();
      throw error;
    }
    answer.close();
  }
}

function usable(answer: Answer): Answer {
  if (answer.status !== 200) throw mediaError(refusalOf(answer.status));
  const encoding = answer.header('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') throw mediaError('media_encoded');
  return answer;
}

function refusalOf(status: number): MediaErrorCode {
  return status >= 500 || PASSING.has(status) ? 'media_unavailable' : 'media_gone';
}
