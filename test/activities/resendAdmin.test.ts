import { ADMIN_TOKEN, startHttpApp, type HttpApp } from '../support/httpApp';
import { connected } from '../support/gatewayPosts';
import { grantOf, OUTCOMES, typed, type Typed } from '../store/line';
import type { SendOutcome } from '../../src/channels/gateway';
import type { Scope } from '../../src/store/context';

let http: HttpApp;
beforeAll(async () => {
  http = await startHttpApp();
});
afterAll(() => http.close());

/** Every case has a location of its own: nothing that waits from another one stands before it. */
let scope: Scope;
let connectionId: string;
let places = 0;
beforeEach(async () => {
  scope = { locationId: `location-${++places}` };
  await http.app.store.installations.install(scope, { companyId: null, grant: grantOf() });
  ({ connectionId } = await connected(http, scope.locationId, `INSTANCE-${places}`));
  await http.app.store.connections.recordProbe(scope, connectionId, { kind: 'connected' });
});

async function call(method: string, path: string) {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  const answer = await fetch(`${http.admin}/admin/v1/messages/${path}`, { method, headers });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

let sent = 0;
async function accept(input: Typed = {}) {
  const messageKey = `key-${++sent}`;
  return await http.app.store.messages.acceptOutbound(scope, typed({ messageKey, ...input }));
}

/** Lets a message end by a gateway's answer. */
async function ended(outcome: SendOutcome) {
  const { messages } = http.app.store;
  const accepted = await accept();
  const claim = await messages.claimPart(scope, accepted.messageId);
  if (claim.kind !== 'granted') throw new Error(`not granted: ${claim.kind}`);
  await messages.recordOutcome(claim.claim, outcome, null);
  return { ...accepted, path: `${scope.locationId}/key-${sent}` };
}

test('a failed message is sent again: 202 with the attempt, audited, and its new run is begun', async () => {
  const { messageId, path } = await ended(OUTCOMES.invalid);
  expect(await call('POST', `${path}/resend`)).toEqual({ status: 202, json: { attempt: 2 } });
  const shown = (await call('GET', path)).json;
  expect(shown).toMatchObject({
    parts: [{ n: 1, state: 'unsent' }],
    attempts: [
      { attempt: 1, state: 'failed', parts: [{ n: 1, state: 'failed' }] },
      { attempt: 2, parts: [{ n: 1, state: 'unsent' }] },
    ],
    workflowId: expect.stringMatching(/:r2$/) as string,
  });
  expect(http.woken).toContainEqual(expect.objectContaining({ messageId, workflowId: shown['workflowId'] }));
  const audit = await http.db.knex('audit_log').where({ action: 'message.resend', subject: `key-${sent}` });
  expect(audit).toMatchObject([{ actor: 'operator', location_id: scope.locationId, detail: '{"attempt":2}' }]);
});

test('asked for twice: 409 with the present state, also audited', async () => {
  const { path } = await ended(OUTCOMES.invalid);
  await call('POST', `${path}/resend`);
  const again = await call('POST', `${path}/resend`);
  expect(again).toMatchObject({ status: 409, json: { code: 'not_resendable', state: 'accepted' } });
  const audit = await http.db.knex('audit_log').where({ action: 'message.resend', subject: `key-${sent}` });
  expect(audit).toHaveLength(2);
});

test('one that failed before it had parts shows both of its attempts', async () => {
  const { messageId } = await accept({ failure: { reason: 'no_connection' }, parts: [] });
  const path = `${scope.locationId}/key-${sent}`;
  expect(await call('POST', `${path}/resend`)).toEqual({ status: 202, json: { attempt: 2 } });
  const { attempts } = (await call('GET', path)).json;
  expect(attempts).toMatchObject([{ attempt: 1, state: 'failed', parts: [] }, { attempt: 2 }]);
  expect(messageId).toBeDefined();
});

test('what can not be sent says why, in words for a person, and stays as it is', async () => {
  const nobody = await accept({ address: null, failure: { reason: 'phone_missing' } });
  const asBefore = await call('POST', `${scope.locationId}/key-${sent}/resend`);
  expect(asBefore).toMatchObject({ status: 409, json: { code: 'would_fail', state: 'failed' } });
  expect(asBefore.json['detail']).toContain('The contact has no phone number.');
  expect(nobody.state).toBe('failed');
  const erased = await ended(OUTCOMES.invalid);
  await http.app.store.erasure.erase(scope, {});
  expect(await call('POST', `${erased.path}/resend`)).toMatchObject({ status: 409, json: { code: 'content_erased' } });
});

test('a message of another location is not found', async () => {
  await ended(OUTCOMES.invalid);
  expect(await call('POST', `elsewhere/key-${sent}/resend`)).toMatchObject({ status: 404 });
});

test('a retry of an unknown one says what it waits for, and what became of it', async () => {
  const { messages } = http.app.store;
  const first = await ended(OUTCOMES.timeout);
  await http.db.knex('message_parts').where({ message_id: first.messageId }).update({ ambiguous_until: 0 });
  expect(await messages.claimPart(scope, first.messageId)).toMatchObject({ state: 'unknown' });
  const again = await accept();
  const path = `${scope.locationId}/key-${sent}`;
  const waits = (await call('GET', path)).json;
  expect(waits).toMatchObject({ state: 'waiting', reason: 'awaiting_earlier' });
  expect(waits['next']).toMatch(/may have arrived; we wait for proof.*looked at again at/);
  const { address, content } = typed();
  await messages.recordEcho(scope, {
    connectionId,
    gatewayId: 'ECHO',
    to: address,
    content,
    at: Date.now(),
  });
  await messages.claimPart(scope, again.messageId);
  const follows = (await call('GET', path)).json;
  expect(follows).toMatchObject({ state: 'sent', reason: 'earlier_arrived' });
  expect(follows['next']).toMatch(/has arrived, so this one was not sent/);
});
