import { eventually } from '../support/adminClient';
import { startAlertReceiver, type AlertReceiver } from '../support/alertPosts';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { expectOnlyForward, sentWith, toldOf, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';
import { WAAPIFY_FAULTS } from '../../src/sandbox/waapify';

const NUMBER = '60110000001';
const AFTER_MS = 2_000;
/** Contract: "at once" is within ten seconds. */
const AT_ONCE_MS = 10_000;

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;
let operator: AlertReceiver;
let connectionId: string;

beforeAll(async () => {
  operator = await startAlertReceiver(temporal);
  world = await openWorld(temporal, { env: { ALERT_AFTER_MS: String(AFTER_MS), ALERT_WEBHOOK_URL: operator.url } });
  bridge = await startInProcess(world);
  connectionId = await installAndConnect(world, bridge.admin);
});

afterEach(() => expectOnlyForward(world));

const notesOf = (contactId: string) =>
  world.ghl
    .notes(LOCATION)
    .filter((note) => note.contactId === contactId)
    .map(({ body }) => (body.includes('is back') ? 'back' : 'waits'));
const tasks = () => world.ghl.tasks(LOCATION).map(({ completed }) => completed);
const untilToldOperator = (posts: string[]) => eventually(() => expect(operator.told()).toEqual(posts));
const contactOf = (messageId: string) => world.ghl.message(messageId)!.contactId;

test('a number is down for long: nothing fails, people are told once, and once that it is back', async () => {
  world.waapify.setState(INSTANCE, 'logged_out');
  const sent = [];
  for (const phone of ['+60121110001', '+60121110002']) {
    for (const n of [1, 2]) sent.push(await world.agentSends(`held ${phone} ${n}`, { phone }));
  }
  await untilToldOperator(['open number_down']);
  sent.push(await world.agentSends('begins to wait', { phone: '+60121110003' }));
  const contacts = [...new Set(sent.map(({ messageId }) => contactOf(messageId)))];
  await eventually(() => expect(contacts.map(notesOf)).toEqual([['waits'], ['waits'], ['waits']]));
  await eventually(() => expect(tasks()).toEqual([false]));
  const [post] = operator.posts();
  expect(post).toMatchObject({ locationId: LOCATION, connectionId, next: expect.stringContaining('Scan the QR code') });
  expect(Date.now() - Date.parse(post!.since)).toBeGreaterThanOrEqual(AFTER_MS);
  await bridge.stop();
  bridge = await startInProcess(world);

  world.waapify.scanQr(INSTANCE, NUMBER);
  for (const { messageId } of sent) await untilTold(world, messageId, 'read');
  await untilToldOperator(['open number_down', 'closed number_down']);
  await eventually(() => expect(contacts.map(notesOf)).toEqual(contacts.map(() => ['waits', 'back'])));
  await eventually(() => expect(tasks()).toEqual([true]));
  for (const { messageId } of sent) expect(toldOf(world, messageId)).not.toContain('failed');
});

test('refused credentials are told at once, what they met is held, and all of it is over by itself', async () => {
  const before = operator.told().length;
  // Until it was told: a trouble that is over before the next look is told to nobody.
  world.waapify.fault({ ...WAAPIFY_FAULTS.accountGone, text: 'refused', times: 1_000 });
  const began = Date.now();
  const { messageId } = await world.agentSends('refused', { phone: '+60121110004' });
  await eventually(() => expect(operator.told()[before]).toBe('open reauth'), AT_ONCE_MS);
  expect(Date.now() - began).toBeLessThan(AT_ONCE_MS);
  world.waapify.clearFaults();
  await untilTold(world, messageId, 'read');
  await eventually(() => expect(operator.told().slice(before)).toEqual(['open reauth', 'closed reauth']));
  expect(sentWith(world, 'refused')).toHaveLength(1);
  expect(toldOf(world, messageId)).not.toContain('failed');
});

test("the operator's webhook is down for a while: open comes before closed, each once", async () => {
  const before = operator.told().length;
  operator.answers.push(500, 503);
  world.waapify.setState(INSTANCE, 'logged_out');
  await eventually(() => expect(operator.answers).toEqual([]));
  world.waapify.scanQr(INSTANCE, NUMBER);
  const open = 'open number_down';
  await eventually(() => expect(operator.told().slice(before)).toEqual([open, open, open, 'closed number_down']));
  expect(
    new Set(
      operator
        .posts()
        .slice(before, before + 3)
        .map((post) => JSON.stringify(post)),
    ).size,
  ).toBe(1);
});

test('nobody was told twice: the next alert is the next thing that anybody hears of', async () => {
  const [posts, notes] = [operator.told().length, world.ghl.notes(LOCATION).length];
  world.waapify.setState(INSTANCE, 'logged_out');
  const { messageId } = await world.agentSends('the last one', { phone: '+60121110009' });
  await eventually(() => expect(operator.told().slice(posts)).toEqual(['open number_down']));
  await eventually(() => expect(notesOf(contactOf(messageId))).toEqual(['waits']));
  expect(world.ghl.notes(LOCATION)).toHaveLength(notes + 1);
  const metrics = await (
    await fetch(`${bridge.adminUrl}/metrics`, { headers: { authorization: 'Bearer admin-token-of-the-tests' } })
  ).text();
  expect(metrics).toContain('bridge_alerts_open{kind="number_down"} 1');
  world.waapify.scanQr(INSTANCE, NUMBER);
  await untilTold(world, messageId, 'read');
  await eventually(() => expect(notesOf(contactOf(messageId))).toEqual(['waits', 'back']));
});

test('no number, text or secret is in what people and logs are told', () => {
  const told = JSON.stringify([operator.posts(), world.ghl.notes(LOCATION), world.ghl.tasks(LOCATION)]);
  for (const secret of ['6012111000', NUMBER, INSTANCE, 'held +', world.waapify.token]) {
    expect(told).not.toContain(secret);
    expect(bridge.logs.join('')).not.toContain(secret);
  }
});
