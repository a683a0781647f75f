import { Agent, request } from 'undici';

/** What became of a post of ours: the answer, or status 0 with the kind of failure. */
export interface PostResult {
  status: number;
  body: string;
  /** A code such as `ECONNREFUSED` or `timeout`; only with status 0. */
  error?: string;
}

function failureOf(error: unknown): string {
  // No instanceof: under jest these errors come from another realm.
  const { name, code } = Object(error) as { name?: unknown; code?: unknown };
  if (name === 'TimeoutError') return 'timeout';
  return typeof code === 'string' ? code : 'failed';
}

/** Posts webhooks of a stand-in over kept-alive connections of its own. */
export class Poster {
  private readonly agent = new Agent({ keepAliveTimeout: 2_000 });

  /** Posts exactly these bytes as JSON. Never throws. */
  async post(url: string, bytes: Buffer, timeoutMs: number, headers: Record<string, string> = {}): Promise<PostResult> {
    try {
      const answer = await request(url, {
        method: 'POST',
        body: bytes,
        headers: { 'content-type': 'application/json', ...headers },
        dispatcher: this.agent,
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { status: answer.statusCode, body: await answer.body.text() };
    } catch (error) {
      return { status: 0, body: '', error: failureOf(error) };
    }
  }

  /** Ends all connections; posts under way fail. */
  async stop(): Promise<void> {
    await this.agent.destroy();
  }
}
