/** How a stand-in ends an exchange: a reply, silence, or a connection reset. `after` runs once it is over. */
export type Answer = Reply | { kind: 'hang' | 'reset'; after?: () => void };

export interface Reply {
  kind: 'reply';
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
  /** A few words for the journal, never sent. */
  note?: string;
  after?: () => void;
}

/** Returns a JSON reply. */
export function json(status: number, body: unknown, note?: string): Reply {
  return {
    kind: 'reply',
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
    ...(note !== undefined && { note }),
  };
}

/** Returns a reply with a body that is not JSON, or is not declared as such. */
export function text(status: number, body: string | Buffer, contentType = 'text/html; charset=UTF-8'): Reply {
  return { kind: 'reply', status, headers: { 'content-type': contentType }, body };
}

/** Returns a reply without a body. */
export function empty(status: number, headers: Record<string, string> = {}): Reply {
  return { kind: 'reply', status, headers, body: '' };
}
