import fc from 'fast-check';
import type { SendOutcome } from '../../src/channels/gateway';
import { sendOutcome } from '../../src/channels/whatsapp/calls/sendOutcome';
import { ERROR_LADDER } from '../../src/channels/whatsapp/errorLadder';
import { ladderRow } from '../../src/channels/whatsapp/ladderLookup';
import { parseReply } from '../../src/channels/whatsapp/reply';
import { LADDER_TEXTS } from '../support/ladderTexts';

const outcomeOf = (body: string, status = 200, secrets: string[] = []): SendOutcome =>
  sendOutcome({ kind: 'answer', status, reply: parseReply(Buffer.from(body)) }, secrets);
const errorOf = (message: string, status = 200): SendOutcome =>
  outcomeOf(JSON.stringify({ status: 'error', message }), status);
const held = (state: string) => ({ kind: 'held', state });
const upTo = (retries: number) => ({ kind: 'rejected', retry: 'later', limit: { retries, then: 'fail' } });
const noSession = { kind: 'rejected', retry: 'later', limit: { retries: 2, then: 'disconnected' }, doubt: true };
const NEVER = { kind: 'rejected', retry: 'never' };

/** What becomes of a message for each row: written by hand, so that no row changes unseen. */
const ENDS: Record<string, object> = {
  bad_token: held('reauth'),
  bad_instance: held('reauth'),
  account_missing: held('reauth'),
  not_activated: held('relogin'),
  logged_out: held('relogin'),
  plan_quota: held('quota'),
  plan_expired: held('billing'),
  session_missing: noSession,
  qr_not_ready: noSession,
  whatsapp_unreachable: { kind: 'rejected', retry: 'later' },
  media_unusable: upTo(2),
  send_failed: upTo(2),
  already_connected: { ...upTo(2), doubt: true },
  type_unsupported: NEVER,
  number_missing: NEVER,
  content_missing: NEVER,
  webhook_refused: NEVER,
  plan_accounts: NEVER,
};
const TEXTS = Object.entries(LADDER_TEXTS).flatMap(([code, texts]) => texts.map((text) => [text, code] as const));

test.each(TEXTS)('%j is %s', (text, code) => {
  const { ghl } = ERROR_LADDER.find((row) => row.code === code)!;
  expect(errorOf(text)).toEqual({ ...ENDS[code], code, text: ghl });
});

test('every row has its texts and its end here, and every way to say it has a text', () => {
  const codes = new Set(ERROR_LADDER.map((row) => row.code));
  expect(new Set(Object.keys(LADDER_TEXTS))).toEqual(codes);
  expect(new Set(Object.keys(ENDS))).toEqual(codes);
  const unsaid = ERROR_LADDER.flatMap(({ code, says }) =>
    says.filter((part) => !LADDER_TEXTS[code]!.some((text) => text.toLowerCase().includes(part))),
  );
  expect(unsaid).toEqual([]);
});

test('the codes are unique, and what is said is in lower case', () => {
  expect(new Set(ERROR_LADDER.map((row) => row.code)).size).toBe(ERROR_LADDER.length);
  for (const said of ERROR_LADDER.flatMap((row) => row.says)) expect(said).toBe(said.toLowerCase());
});

/** Any text around it, but for one that says something itself. */
const around = fc.string({ unit: 'grapheme' }).filter((text) => ladderRow({ text, relogin: false }) === null);
const anyCase = (text: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((upper) => [...text].map((sign, index) => (upper[index] ? sign.toUpperCase() : sign.toLowerCase())).join(''));

test('a text is known in any case and with anything around it', () => {
  const said = fc.constantFrom(...TEXTS).chain(([text, code]) => fc.tuple(anyCase(text), fc.constant(code)));
  fc.assert(
    fc.property(said, around, around, ([text, code], before, after) => {
      expect(ladderRow({ text: `${before} ${text} ${after}`, relogin: false })?.code).toBe(code);
    }),
    { numRuns: 500 },
  );
});

test('the flag of a lost session holds, whatever stands beside it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom(...TEXTS.map(([text]) => text))), (message) => {
      const body = JSON.stringify({ status: 'error', message, relogin: true });
      expect(outcomeOf(body)).toMatchObject({ ...held('relogin'), code: 'logged_out' });
    }),
  );
});

test('behind a 5xx only a text is believed on whose word nothing is sent again', () => {
  expect(errorOf('Relogin required', 404)).toMatchObject(held('relogin'));
  expect(errorOf('Relogin required', 502)).toEqual({ kind: 'ambiguous', cause: 'http_502' });
  expect(errorOf('Failed to send the message', 500)).toEqual({ kind: 'ambiguous', cause: 'http_500' });
  expect(errorOf('Message type not supported', 500)).toMatchObject({ kind: 'rejected', retry: 'never' });
  expect(errorOf('Upstream hiccup', 502)).toEqual({ kind: 'ambiguous', cause: 'http_502' });
});

test('an unknown text fails for good and is shown, cleaned of what is private', () => {
  const body = '{"status":"error","message":"Blocked +60 12-345 6789 for secret-token"}';
  const outcome = outcomeOf(body, 200, ['secret-token']);
  expect(outcome).toMatchObject({ ...NEVER, code: 'gateway_error' });
  expect('text' in outcome ? outcome.text : '').toContain('"Blocked [number] for [private]"');
});

test('an error without words fails for good too', () => {
  expect(outcomeOf('{"status":"error"}')).toMatchObject({ kind: 'rejected', code: 'gateway_error' });
});
