import type { Retry } from '../../src/domain/errors';
import { emptyAnswerError, refusalError, transportError, type RefusedAnswer } from '../../src/ghl/errors';
import type { GhlOperation } from '../../src/ghl/operations';

const NOON = Date.parse('2026-01-01T12:00:00Z');
const DAY_MS = 86_400_000;

const refusal = (over: Partial<RefusedAnswer>) =>
  refusalError({ operation: 'message.status', status: 400, headers: {}, body: {}, privateValues: [], ...over }, NOON);

type Row = [operation: GhlOperation, status: number, said: unknown, code: string, retry: Retry];

const TOO_EARLY = 'No conversation provider found for this message';
const ROWS: Row[] = [
  ['message.inbound', 401, 'Invalid token: access token is invalid', 'ghl_unauthorized', 'later'],
  ['contact.find', 401, undefined, 'ghl_unauthorized', 'later'],
  ['message.inbound', 401, 'version header was not found.', 'ghl_version_missing', 'never'],
  ['message.status', 401, 'Invalid JWT', 'ghl_wrong_token_kind', 'never'],
  ['message.status', 403, TOO_EARLY, 'ghl_status_too_early', 'later'],
  ['message.status', 401, TOO_EARLY, 'ghl_status_too_early', 'later'],
  ['message.inbound', 403, TOO_EARLY, 'ghl_forbidden', 'never'],
  ['message.status', 401, 'No message found for the id', 'ghl_message_not_found', 'never'],
  ['message.status', 404, 'Message not found', 'ghl_message_not_found', 'never'],
  ['contact.get', 403, 'The token does not have access to this location.', 'ghl_forbidden', 'never'],
  ['message.inbound', 429, 'Too Many Requests', 'ghl_rate_limited', 'later'],
  ['oauth.refresh', 429, undefined, 'ghl_rate_limited', 'later'],
  ['contact.create', 422, ['property tags should not exist'], 'ghl_rejected', 'never'],
  ['message.inbound', 400, 'contactId must be a string', 'ghl_rejected', 'never'],
  ['message.status', 404, undefined, 'ghl_rejected', 'never'],
  ['message.inbound', 413, undefined, 'ghl_rejected', 'never'],
  ['message.inbound', 400, 'Contact with id abc not found', 'ghl_contact_gone', 'never'],
  ['message.inbound', 404, 'Could not find contact', 'ghl_contact_gone', 'never'],
  ['message.inbound', 400, 'This contact was merged', 'ghl_contact_gone', 'never'],
  ['contact.get', 404, undefined, 'ghl_contact_gone', 'never'],
  ['contact.get', 400, 'Contact not found', 'ghl_contact_gone', 'never'],
  ['message.inbound', 404, 'Conversation not found', 'ghl_conversation_gone', 'never'],
  ['message.inbound', 400, 'Invalid conversationProviderId', 'ghl_invalid_provider', 'never'],
  [
    'message.inbound',
    500,
    '400 - "{\\"message\\":\\"Invalid conversationProviderId\\"}"',
    'ghl_invalid_provider',
    'never',
  ],
  [
    'message.inbound',
    403,
    "You don't have access to the conversationProvider with id: p1",
    'ghl_invalid_provider',
    'never',
  ],
  ['message.status', 500, 'Internal server error', 'ghl_unavailable', 'later'],
  ['contact.create', 503, undefined, 'ghl_unavailable', 'later'],
  ['message.list', 302, undefined, 'ghl_unavailable', 'later'],
  ['message.inbound', 500, 'Internal server error', 'ghl_unavailable', 'ambiguous'],
  ['message.inbound', 504, undefined, 'ghl_unavailable', 'ambiguous'],
  ['message.inbound', 408, undefined, 'ghl_unavailable', 'ambiguous'],
  ['message.inbound', 302, undefined, 'ghl_unavailable', 'later'],
  ['oauth.refresh', 400, 'Invalid grant: refresh token is invalid', 'token_spent', 'never'],
  ['oauth.refresh', 401, undefined, 'token_spent', 'never'],
  ['oauth.refresh', 422, ['user_type must be one of'], 'ghl_rejected', 'never'],
  ['oauth.refresh', 502, undefined, 'ghl_unavailable', 'later'],
  ['oauth.refresh', 400, 'Location is not active', 'location_not_active', 'later'],
  ['oauth.location', 400, 'Location is not active', 'location_not_active', 'later'],
  ['oauth.refresh', 401, 'Invalid client: client is invalid', 'ghl_client_refused', 'later'],
  ['oauth.exchange', 400, 'Invalid grant: authorization code is invalid', 'grant_refused', 'never'],
  ['oauth.exchange', 401, undefined, 'grant_refused', 'never'],
  ['oauth.location', 400, 'Location not found', 'grant_refused', 'never'],
  ['oauth.location', 401, 'Invalid token: access token is invalid', 'ghl_unauthorized', 'later'],
  ['oauth.location', 403, 'This route is not for this token', 'ghl_forbidden', 'never'],
];

describe('refusalError', () => {
  it.each(ROWS)('%s %i %p is %s, %s', (operation, status, message, code, retry) => {
    const error = refusal({ operation, status, body: { statusCode: status, message } });
    expect([error.code, error.retry, error.status]).toEqual([code, retry, 502]);
  });

  it('keeps what is expected out of the error logs, and only that', () => {
    expect(refusal({ status: 403, body: { message: TOO_EARLY } }).benign).toBe(true);
    expect(refusal({ status: 403 }).benign).toBe(false);
  });

  it('reads the error word, an object in error and error_description too', () => {
    const codeOf = (body: unknown) => refusal({ operation: 'oauth.refresh', status: 401, body }).code;
    expect(codeOf({ error: 'invalid_client' })).toBe('ghl_client_refused');
    expect(codeOf({ error: { message: 'Invalid client' } })).toBe('ghl_client_refused');
    expect(codeOf({ error: 'x', error_description: 'Invalid client' })).toBe('ghl_client_refused');
  });

  it.each([undefined, null, 'Not found', 17, [], { message: null }, { message: { message: 3 } }])(
    'takes any body: %p',
    (body) => {
      const error = refusal({ body });
      expect([error.code, error.errors]).toEqual(['ghl_rejected', undefined]);
    },
  );

  it("names the operation, the status and GHL's trace, if that is a plain word", () => {
    const messageOf = (traceId: unknown) => refusal({ body: { traceId } }).message;
    expect(messageOf('9f1c2d3e-aaaa')).toContain('[message.status 400, GHL trace 9f1c2d3e-aaaa]');
    expect(messageOf('60123456789')).toContain('[message.status 400]');
    expect(messageOf('a b <script>')).toContain('[message.status 400]');
  });

  it("gives GHL's sentences, cleaned", () => {
    const body = { message: ['phone +60 12-345 6789 is not valid', 'property x should not exist'] };
    expect(refusal({ status: 422, body }).errors).toEqual([
      { path: 'ghl', message: 'phone [number] is not valid' },
      { path: 'ghl', message: 'property x should not exist' },
    ]);
  });

  it.each<[string, Record<string, string>, number]>([
    ['the interval', { 'x-ratelimit-interval-milliseconds': '10000', 'x-ratelimit-daily-remaining': '5' }, 10_000],
    ['the next UTC day once the daily quota is spent', { 'x-ratelimit-daily-remaining': '0' }, DAY_MS / 2],
    ['Retry-After before all', { 'retry-after': '7', 'x-ratelimit-daily-remaining': '0' }, 7_000],
    ['Retry-After as a date', { 'retry-after': 'Thu, 01 Jan 2026 12:01:00 GMT' }, 60_000],
    ['the burst window when it says nothing', {}, 10_000],
    ['the burst window for nonsense', { 'x-ratelimit-interval-milliseconds': 'soon', 'retry-after': 'x' }, 10_000],
    ['at least a second', { 'x-ratelimit-interval-milliseconds': '1' }, 1_000],
    ['at most a day', { 'retry-after': '99999999' }, DAY_MS],
  ])('waits after a 429: %s', (_what, headers, waitMs) => {
    expect(refusal({ status: 429, headers }).retryAfterMs).toBe(waitMs);
  });

  it('waits as a 503 asks, a day for a location that is not active, and otherwise as the caller likes', () => {
    expect(refusal({ status: 503, headers: { 'retry-after': '30' } }).retryAfterMs).toBe(30_000);
    expect(refusal({ status: 503 }).retryAfterMs).toBeUndefined();
    const inactive = { operation: 'oauth.refresh', body: { message: 'Location is not active' } } as const;
    expect(refusal(inactive).retryAfterMs).toBe(DAY_MS);
  });
});

describe('transportError', () => {
  it.each<[GhlOperation, boolean, Retry]>([
    ['message.inbound', true, 'ambiguous'],
    ['message.inbound', false, 'later'],
    ['message.status', true, 'later'],
    ['contact.create', true, 'later'],
    ['oauth.refresh', true, 'later'],
  ])('%s, written: %p, is %s', (operation, written, retry) => {
    const error = transportError(operation, { code: 'ECONNRESET', written });
    expect([error.code, error.retry]).toEqual(['ghl_unavailable', retry]);
    expect(error.message).toContain(`[${operation} ECONNRESET]`);
  });
});

describe('emptyAnswerError', () => {
  it('is ambiguous for a posted message only', () => {
    expect(emptyAnswerError('message.inbound', 201, undefined)).toMatchObject({
      code: 'ghl_empty_answer',
      retry: 'ambiguous',
    });
    expect(emptyAnswerError('contact.get', 200, {}).retry).toBe('later');
  });
});
