import { sendOutcome } from '../../src/channels/whatsapp/calls/sendOutcome';
import { ERROR_LADDER } from '../../src/channels/whatsapp/errorLadder';
import { ladderWords } from '../../src/channels/whatsapp/ladderLookup';
import { parseReply } from '../../src/channels/whatsapp/reply';

const outcomeOf = (body: string, status = 200) =>
  sendOutcome({ kind: 'answer', status, reply: parseReply(Buffer.from(body)) }, []);
const errorOf = (message: string) => outcomeOf(JSON.stringify({ status: 'error', message }));

const REAUTH = { kind: 'held', state: 'reauth' };
const RELOGIN = { kind: 'held', state: 'relogin' };
const QUOTA = { kind: 'held', state: 'quota' };
const BILLING = { kind: 'held', state: 'billing' };
const LATER = { kind: 'rejected', retry: 'later' };
const NEVER = { kind: 'rejected', retry: 'never' };

/** Every text of the gateway's replies that is known, as whole sentences where they are. */
const CASES: [string, string, object][] = [
  ['Access token does not exist', 'bad_token', REAUTH],
  ['Access token is required', 'bad_token', REAUTH],
  ['Instance ID Invalidated', 'bad_instance', REAUTH],
  ['Instance ID is required', 'bad_instance', REAUTH],
  ['The Instance ID provided has been invalidated', 'bad_instance', REAUTH],
  ['Account does not exist', 'account_missing', REAUTH],
  ['This instance has not been activated yet', 'not_activated', RELOGIN],
  ['Relogin required', 'logged_out', RELOGIN],
  ['WhatsApp account relogin required', 'logged_out', RELOGIN],
  ['Login required', 'logged_out', RELOGIN],
  ['Authentication failed', 'logged_out', RELOGIN],
  ['The authentication process has failed', 'logged_out', RELOGIN],
  ['The account seems to have logged out', 'logged_out', RELOGIN],
  ['The session could not be found in the system', 'session_missing', LATER],
  ['Cannot connect to WhatsApp server. Please try again later', 'whatsapp_unreachable', LATER],
  ['Cannot connect to Whatsapp on your phone', 'whatsapp_unreachable', LATER],
  ['Message type not supported', 'type_unsupported', NEVER],
  ['Phone number is required', 'number_missing', NEVER],
  ['Please enter media url or message', 'content_missing', NEVER],
  ['Cannot find the media', 'media_unusable', NEVER],
  ['Cannot get file type', 'media_unusable', NEVER],
  ['Failed to send file', 'media_unusable', NEVER],
  ['Failed to send the message', 'send_failed', LATER],
  ['You have exceeded the maximum number of messages allowed per day', 'plan_quota', QUOTA],
  ['The number of messages you have sent per month has exceeded the maximum limit', 'plan_quota', QUOTA],
  ['Your subscription has expired', 'plan_expired', BILLING],
  ['License Invalidated 2', 'plan_expired', BILLING],
  ['The license provided is not valid', 'plan_expired', BILLING],
  ['Cannot get QR Code', 'qr_not_ready', LATER],
  ['We cannot generate a WhatsApp QR code', 'qr_not_ready', LATER],
  ['It seems that you have logged in successfully', 'already_connected', LATER],
  ['Instance ID used', 'already_connected', LATER],
  ['Webhook is not a valid URL', 'webhook_refused', NEVER],
  ['Webhook URL is not a valid URL', 'webhook_refused', NEVER],
  ['Enable field is required', 'webhook_refused', NEVER],
  ['Webhook URL is required', 'webhook_refused', NEVER],
  ['You can only add up to 3 Whatsapp accounts', 'plan_accounts', NEVER],
];

test.each(CASES)('%j is %s', (text, code, outcome) => {
  expect(errorOf(text)).toMatchObject({ ...outcome, code });
  expect(errorOf(text.toUpperCase())).toMatchObject({ code });
});

test('every row of the ladder has a case here', () => {
  expect(new Set(CASES.map(([, code]) => code))).toEqual(new Set(ERROR_LADDER.map((row) => row.code)));
});

test('the codes are unique, and what is said is in lower case', () => {
  expect(new Set(ERROR_LADDER.map((row) => row.code)).size).toBe(ERROR_LADDER.length);
  for (const said of ERROR_LADDER.flatMap((row) => row.says)) expect(said).toBe(said.toLowerCase());
});

test.each(ERROR_LADDER.map((row) => [row.code, row] as const))(
  '%s has a sentence with a next step for both',
  (code, row) => {
    expect(ladderWords(code)).toEqual({ ghl: row.ghl, ops: row.ops });
    expect(row.ghl).toMatch(/^[A-Z].*[;,].*\.$/);
    expect(row.ops).toMatch(/^[A-Z].*:.*\.$/);
  },
);

test('the flag of a lost session holds, whatever stands beside it', () => {
  expect(outcomeOf('{"status":"error","message":"Error","relogin":true}')).toMatchObject(RELOGIN);
});

test('a known text is believed behind any HTTP status, an unknown one not behind a 5xx', () => {
  expect(outcomeOf('{"status":"error","message":"Relogin required"}', 502)).toMatchObject(RELOGIN);
  expect(outcomeOf('{"status":"error","message":"Upstream hiccup"}', 502)).toEqual({
    kind: 'ambiguous',
    cause: 'http_502',
  });
});

test('an unknown text fails for good and is shown, cleaned of what is private', () => {
  const reply = parseReply(Buffer.from('{"status":"error","message":"Blocked +60 12-345 6789 for secret-token"}'));
  const outcome = sendOutcome({ kind: 'answer', status: 200, reply }, ['secret-token']);
  expect(outcome).toMatchObject({ kind: 'rejected', retry: 'never', code: 'gateway_error' });
  expect('text' in outcome ? outcome.text : '').toContain('"Blocked [number] for [private]"');
});

test('an error without words fails for good too', () => {
  expect(outcomeOf('{"status":"error"}')).toMatchObject({ kind: 'rejected', code: 'gateway_error' });
});

test('a code that is none has no words', () => {
  expect(ladderWords('nonsense')).toBeNull();
});
