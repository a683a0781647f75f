import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { customerWrites } from '../support/inboundLooks';
import { untilSent } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

/** No second message of the campaign goes while this test runs; an answer may go after a moment. */
const PACE = { PACE_TEXT_MS: '600000-600000', PACE_REPLY_MS: '200-400' };

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal, { env: PACE });
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

const phone = (n: number) => `+6012777000${n}`;
const sends = () => world.waapify.sends(INSTANCE).map(({ text }) => text);

test("a person's reply passes a campaign, with what its contact was to get before; so does what a customer asks for", async () => {
  const campaign = [];
  for (let n = 1; n <= 4; n++) campaign.push(await world.agentSends(`Sale, contact ${n}!`, { phone: phone(n) }));
  const order = await world.agentSends('Your order is here', { phone: phone(5) });
  await untilSent(world, 'Sale, contact 1!');
  for (const { messageId } of [campaign[3]!, order]) await bridge.admin.untilState(LOCATION, messageId, 'waiting');

  await world.agentSends('I can help you', { phone: phone(6), userId: 'agent-1' });
  await untilSent(world, 'I can help you');
  await world.agentSends('About our sale', { phone: phone(3), userId: 'agent-1' });
  await untilSent(world, 'About our sale');
  await customerWrites(world, phone(5).slice(1), 'Where is it?');
  await untilSent(world, 'Your order is here');

  expect(sends()).toEqual([
    'Sale, contact 1!',
    'I can help you',
    'Sale, contact 3!',
    'About our sale',
    'Your order is here',
  ]);
  for (const n of [2, 4])
    expect((await bridge.admin.message(LOCATION, campaign[n - 1]!.messageId)).state).toBe('waiting');
});
