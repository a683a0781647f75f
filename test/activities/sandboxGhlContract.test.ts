import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { startSandboxGhl, type SandboxGhl } from '../../src/sandbox/ghl';
import { TASK_COMPLETED } from '../contract/taskCompleted';
import { loadContract } from '../support/openapi';
import { call, textAt, type CallOptions } from '../support/sandboxCalls';

/** The published files with the observed corrections, where they are at hand. */
const FOLDER = process.env['GHL_OPENAPI_DIR'] || resolve(__dirname, '../../../shared/ghl-openapi');
const isThere = existsSync(FOLDER);

(isThere ? describe : describe.skip)('the stand-in keeps the GHL contract in its answers', () => {
  const nouns = ['conversations', 'contacts', 'locations', 'oauth'];
  const contract = isThere ? loadContract(FOLDER, nouns, 'mock', TASK_COMPLETED) : undefined;
  let ghl: SandboxGhl;
  let problems: string[];

  beforeEach(async () => {
    ghl = await startSandboxGhl({ locations: [{ id: 'L1' }] });
    problems = [];
  });
  afterEach(() => ghl.stop());

  async function checked(method: string, path: string, options: CallOptions) {
    const answer = await call(method, `${ghl.url}${path}`, options);
    const found = contract?.checkAnswer({ method, url: path }, answer.status, answer.json) ?? [];
    problems.push(...found.map((problem) => `${method} ${path} ${answer.status}: ${problem}`));
    return answer;
  }

  it('for everything that goes well and for what does not', async () => {
    const { accessToken: token, refreshToken } = ghl.issueTokens('L1');
    const client = { client_id: ghl.clientId, client_secret: ghl.clientSecret };
    const form = { ...client, grant_type: 'refresh_token', refresh_token: refreshToken };
    await checked('POST', '/oauth/token', { form, version: null });
    await checked('POST', '/oauth/token', { form: { ...form, refresh_token: 'x' }, version: null });
    await checked('GET', '/locations/L1', { token });
    await checked('GET', '/locations/L1', {});
    const json = { locationId: 'L1', phone: '+60123456789' };
    const contactId = textAt(await checked('POST', '/contacts/upsert', { token, json }), 'contact.id');
    await checked('POST', '/contacts/upsert', { token, json: { ...json, nonsense: 1 } });
    await checked('POST', '/contacts/', { token, json: { ...json, phone: '+6511112222' } });
    await checked('POST', '/contacts/', { token, json });
    await checked('GET', `/contacts/${contactId}`, { token });
    await checked('PUT', `/contacts/${contactId}`, { token, json: { name: 'A' } });
    await checked('GET', '/contacts/search/duplicate?locationId=L1&number=%2B60123456789', { token });
    await checked('POST', `/contacts/${contactId}/notes`, { token, json: { body: 'It waits.' } });
    await checked('POST', `/contacts/${contactId}/notes`, { token, json: { text: 'It waits.' } });
    await checked('GET', `/contacts/${contactId}/notes`, { token });
    const task = { title: 'Scan', dueDate: '2026-01-01T00:00:00.000Z', completed: false };
    const made = await checked('POST', `/contacts/${contactId}/tasks`, { token, json: task });
    await checked('POST', `/contacts/${contactId}/tasks`, { token, json: { title: 'Scan' } });
    await checked('GET', `/contacts/${contactId}/tasks`, { token });
    const completed = `/contacts/${contactId}/tasks/${textAt(made, 'task.id')}/completed`;
    await checked('PUT', completed, { token, json: { completed: true } });
    const conversation = { locationId: 'L1', contactId };
    await checked('POST', '/conversations/', { token, json: conversation });
    await checked('POST', '/conversations/', { token, json: conversation });
    const conversationProviderId = 'sbx-provider-sms';
    const message = { type: 'SMS', contactId, conversationProviderId, message: 'x' };
    const inbound = await checked('POST', '/conversations/messages/inbound', { token, json: message });
    const messageId = textAt(inbound, 'messageId');
    await checked('GET', '/conversations/search?locationId=L1', { token });
    await checked('GET', `/conversations/${textAt(inbound, 'conversationId')}/messages`, { token });
    await checked('GET', `/conversations/messages/${messageId}`, { token });
    await checked('PUT', `/conversations/messages/${messageId}/status`, { token, json: { status: 'read' } });
    await checked('PUT', '/conversations/messages/unknown/status', { token, json: { status: 'read' } });
    expect(problems).toEqual([]);
  });
});
