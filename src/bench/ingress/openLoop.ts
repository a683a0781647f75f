import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Post } from './posts';

export interface Target {
  origin: string;
  path: string;
  /** Seconds of processor time that its process has used. */
  cpuSeconds(): Promise<number>;
}

export interface LoadOptions {
  posts: readonly Post[];
  /** Posts a second. */
  rate: number;
  /** When the first one is due, by `performance.now()`. */
  startAt: number;
}

export interface LoadResult {
  /** Of answers with 200: milliseconds from when the post was due until the answer was read. */
  latencies: number[];
  /** How much later than due the posts left here, milliseconds; part of the latencies. */
  lateness: number[];
  /** How often each other status, or code of a failure, came. */
  errors: Map<string, number>;
  /** Milliseconds of processor time that the target used, whatever for, by the number of posts. */
  cpuMs: number;
}

/**
 * Posts at a fixed rate whatever the target does (an open model): a post that is due leaves although others are still
 * unanswered, and its time counts from when it was due, so that a stall of the target is charged to it in full.
 */
export async function fireOpenLoop(target: Target, options: LoadOptions): Promise<LoadResult> {
  const { posts, rate, startAt } = options;
  const { origin, path } = target;
  // As many connections as posts are unanswered: a queue on this side would not be open, nor in order.
  const pool = new Pool(origin, { connections: null });
  const result: LoadResult = { latencies: [], lateness: [], errors: new Map(), cpuMs: NaN };
  const count = (what: string): void => void result.errors.set(what, (result.errors.get(what) ?? 0) + 1);

  const fire = async (post: Post, dueAt: number): Promise<void> => {
    result.lateness.push(performance.now() - dueAt);
    try {
      const { statusCode, body } = await pool.request({ method: 'POST', path, ...post });
      await body.dump();
      if (statusCode === 200) result.latencies.push(performance.now() - dueAt);
      else count(String(statusCode));
    } catch (error) {
      count((error as { code?: string }).code ?? 'failed');
    }
  };
  const cpuBefore = await target.cpuSeconds();
  const fired: Promise<void>[] = [];
  for (const [index, post] of posts.entries()) {
    const dueAt = startAt + (index * 1000) / rate;
    await untilTime(dueAt);
    fired.push(fire(post, dueAt));
  }
  await Promise.all(fired);
  result.cpuMs = ((await target.cpuSeconds()) - cpuBefore) * (1000 / posts.length);
  await pool.close();
  return result;
}

/** A timer has a millisecond's grain; it is rounded up, so that nothing leaves before it is due. */
async function untilTime(dueAt: number): Promise<void> {
  const ms = Math.ceil(dueAt - performance.now());
  if (ms > 0) await sleep(ms);
}
