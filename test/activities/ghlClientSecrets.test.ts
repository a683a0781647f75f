import { inspect } from 'node:util';
import { DomainError } from '../../src/domain/errors';
import type { GhlClient } from '../../src/ghl/client';
import type { InboundMessage } from '../../src/ghl/conversations';
import type { Reply } from '../contract/httpServer';
import { useGhl } from '../contract/scriptedGhl';
import { accessOf } from '../support/ghlAccess';

const ghl = useGhl();

const TOKEN = 'tok-4f9a';
const PHONE = '+60123456789';
/** Too short to be told from any other number by its looks. */
const SHORT = '+12345';
const TEXT = 'my "private"\nwords';
const NAME = 'Ann Lee';
const CODE = 'code-77';
const MEDIA = 'https://files.example/a.jpg?sig=zz';
const SECRETS = [
  TOKEN,
  PHONE,
  PHONE.slice(1),
  SHORT,
  'private',
  'words',
  NAME,
  CODE,
  'files.example',
  'zz',
  'shh-secret',
];

/** A GHL that quotes what it is sent: each value alone, the body as it came, and the body quoted once more. */
function echo(status: number): Reply {
  return (response, request, body) => {
    const isJson = request.headers['content-type'] === 'application/json';
    const fields = isJson ? (JSON.parse(body) as object) : Object.fromEntries(new URLSearchParams(body));
    const query = [...new URLSearchParams(request.url?.split('?')[1]).values()];
    const token = request.headers.authorization?.replace('Bearer ', '');
    const values = [token, ...query, ...Object.values(fields).flat()];
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message: [body, JSON.stringify(body), ...values], traceId: 'trace-abc' }));
  };
}

const message: InboundMessage = {
  type: 'SMS',
  contactId: 'c1',
  message: TEXT,
  altId: 'a1',
  date: '2026-01-01T00:00:00Z',
  direction: 'inbound',
  attachments: [MEDIA],
};

/** Each kind of call that carries something private, and the answers that bring it to its last request. */
const CALLS: [string, (client: GhlClient) => Promise<unknown>, Reply[]][] = [
  ['post', (client) => client.addInboundMessage(accessOf(TOKEN), message), []],
  ['contact search', (client) => client.upsertContact(accessOf(TOKEN), { locationId: 'l', phone: SHORT }), []],
  [
    'new contact',
    (client) => client.upsertContact(accessOf(TOKEN), { locationId: 'l', phone: PHONE, name: NAME }),
    [{ status: 200, json: {} }],
  ],
  ['grant', (client) => client.exchangeCode({ code: CODE, redirectUri: MEDIA, userType: 'Location' }), []],
];

async function errorOf(call: Promise<unknown>): Promise<DomainError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DomainError)) throw new Error('no DomainError was thrown');
  return error;
}

/** All that a logger could show: message, errors, stack and the whole chain of causes. */
const shown = (error: DomainError): string => inspect(error, { depth: Infinity, showHidden: true });

const shownSecrets = (error: DomainError): string[] => SECRETS.filter((secret) => shown(error).includes(secret));

describe.each(CALLS)('an error of a %s', (_what, call, before) => {
  beforeEach(() => ghl.answer(...before));

  it.each([401, 403, 429, 500])('shows nothing of what was sent when GHL quotes it in a %i', async (status) => {
    ghl.answer(echo(status));
    const error = await errorOf(call(ghl.client));
    expect(error.errors?.length).toBeGreaterThan(2);
    expect(error.message).toContain('trace-abc');
    expect(shownSecrets(error)).toEqual([]);
  });

  it('shows nothing of what was sent or received when the connection fails', async () => {
    ghl.answer((response) => response.socket?.end(`HTTP/1.1 200 OK\r\nbad header ${TOKEN} ${PHONE}\r\n\r\n`));
    const error = await errorOf(call(ghl.client));
    expect(error.code).toBe('ghl_unavailable');
    expect(shownSecrets(error)).toEqual([]);
  });
});

it('an error of an answer without ids shows nothing of the answer', async () => {
  ghl.answer({ status: 200, json: { note: [TOKEN, PHONE, TEXT] } });
  const error = await errorOf(ghl.client.addInboundMessage(accessOf(TOKEN), message));
  expect(error.code).toBe('ghl_empty_answer');
  expect(shownSecrets(error)).toEqual([]);
});

it('the check itself sees a secret in a cause', () => {
  const leaky = new DomainError('x', 'never', 'fine', { cause: new Error(`sent ${TOKEN}`) });
  expect(shownSecrets(leaky)).toEqual([TOKEN]);
});
