/** What the operator's listener answers of a message (contract, section 3). */
export interface MessageAnswer {
  state: string;
  reason?: string;
  next: string;
  parts: { n: number; state: string; gatewayId?: string }[];
  attempts: unknown[];
  workflowId: string;
}

export interface AdminClient {
  url: string;
  /** Any call; the answer's JSON beside its status. */
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  message(locationId: string, messageKey: string): Promise<MessageAnswer>;
  /** Connects an instance of the stand-in gateway; resolves with the connection's id. */
  connect(input: { locationId: string; instanceId: string; token: string; baseUrl?: string }): Promise<string>;
  /** Resolves once the message is in one of these states. */
  untilState(
    locationId: string,
    messageKey: string,
    states: string | string[],
    timeoutMs?: number,
  ): Promise<MessageAnswer>;
}

/**
 * A connection for this request alone. One that is kept for the next may be ended by the server in the moment in which
 * a stalled process writes to it.
 */
export const OWN_CONNECTION = { connection: 'close' };

/** Returns a client of the operator's listener. */
export function adminClient(url: string, token: string): AdminClient {
  const call = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...OWN_CONNECTION,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
  };
  const message = async (locationId: string, key: string): Promise<MessageAnswer> => {
    const answer = await call('GET', `/admin/v1/messages/${locationId}/${key}`);
    if (answer.status !== 200) throw new Error(`message ${key}: ${answer.status}`);
    return answer.body as MessageAnswer;
  };
  return {
    url,
    call,
    message,
    connect: async (input) => {
      const answer = await call('POST', '/admin/v1/connections', input);
      if (answer.status >= 300) throw new Error(`connect: ${answer.status} ${JSON.stringify(answer.body)}`);
      return (answer.body as { connectionId: string }).connectionId;
    },
    untilState: (locationId, key, states, timeoutMs = WAIT_MS) =>
      eventually(async () => {
        const now = await message(locationId, key);
        if (![states].flat().includes(now.state))
          throw new Error(`message ${key} is ${now.state} (${now.reason ?? ''})`);
        return now;
      }, timeoutMs),
  };
}

const LOOK_MS = 50;
/** Generous: two cores may be shared by several test files. */
const WAIT_MS = 30_000;

/** Repeats a probe that throws until it holds; rejects with its last error after `timeoutMs`. */
export async function eventually<T>(probe: () => T | Promise<T>, timeoutMs = WAIT_MS): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}
