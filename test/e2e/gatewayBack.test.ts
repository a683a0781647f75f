import { startInProcess } from '../support/bridgeInProcess';
import { untilInbound } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld } from '../support/world';

const temporal = useTemporal();

test('a gateway that is away while its number is connected learns our webhook address when it is back', async () => {
  const world = await openWorld(temporal);
  const bridge = await startInProcess(world);
  await world.install();
  await world.waapify.pause();
  await bridge.admin.connect({ locationId: LOCATION, instanceId: INSTANCE, token: world.waapify.token });
  expect(world.waapify.instance(INSTANCE).webhook).toBeUndefined();
  await world.waapify.resume();
  await world.waapify.waitFor(() => world.waapify.instance(INSTANCE).webhook?.enabled, 30_000, 'the webhook to be set');
  await world.waapify.customerWrites({ instanceId: INSTANCE, from: '60123456789', text: 'You are back.' });
  expect(await untilInbound(world, 'You are back.')).toMatchObject({ locationId: LOCATION });
});
