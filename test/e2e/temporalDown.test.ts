import { startInProcess } from '../support/bridgeInProcess';
import { startProcess } from '../support/bridgeProcess';
import { addNumber, type CrashMessage, type CrashNumber } from '../support/crashNumbers';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld } from '../support/world';

const temporal = useTemporal({ durable: true });

/** Nearest-rank percentile of measured milliseconds. */
function percentile(values: number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((p / 100) * sorted.length) - 1]!;
}

test('Temporal stopped before boot: it serves, says it is degraded, and sends once Temporal is back', async () => {
  const world = await openWorld(temporal);
  await temporal.kill();
  const bridge = await startProcess(world, { degradedIsFine: true });
  expect((await world.install()).status).toBe(200);
  await bridge.admin.connect({ locationId: LOCATION, instanceId: INSTANCE, token: world.waapify.token });
  const sent = await world.agentSends('accepted while Temporal is down');
  expect(sent.status).toBe(200);
  const ready = await fetch(`${bridge.admin.url}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ status: 'ready', degraded: ['temporal'] });
  expect(world.waapify.sends(INSTANCE)).toHaveLength(0);
  const { connections } = (await bridge.admin.call('GET', '/admin/v1/connections')).body as {
    connections: { id: string }[];
  };
  const qr = await bridge.admin.call('GET', `/admin/v1/connections/${connections[0]!.id}/qr`);
  expect(qr).toEqual({ status: 200, body: { connected: true } });
  await temporal.startAgain();
  await bridge.admin.untilState(LOCATION, sent.messageId, ['delivered', 'read'], 60_000);
  expect(world.waapify.sends(INSTANCE)).toHaveLength(1);
  await bridge.stop();
}, 120_000);

test('Temporal stopped during accept: in the best of three rounds p99 is under 100 ms above an idle request; all go out in order', async () => {
  const world = await openWorld(temporal, { env: { PACE_TEXT_MS: '0-0' } });
  const bridge = await startInProcess(world);
  // A number for each round: afterwards they go out side by side.
  const numbers = await Promise.all([1, 2, 3].map((n) => addNumber(world, bridge.admin, `round ${n}`, n)));
  await temporal.kill();
  const rounds = [];
  for (const number of numbers) rounds.push(await postRound(number, bridge.admin.url));
  // What the machine's other work adds, it adds to a request that does nothing as well; one quiet round is enough.
  const best = Math.min(...rounds.map((one) => percentile(one.tookMs, 99) - percentile(one.nothingMs, 99)));
  const raw = Math.min(...rounds.map((one) => percentile(one.tookMs, 99)));
  process.stderr.write(
    `[ack] Temporal down: p99 ${best.toFixed(1)} ms above a request that does nothing, ${raw.toFixed(1)} ms by itself\n`,
  );
  expect(best).toBeLessThan(100);
  await temporal.startAgain();
  for (const { number, sent } of rounds) {
    await world.waapify.waitFor(() => number.sends().length >= sent.length, 150_000, 'all to go out');
    expect(number.sends().map(({ text }) => text)).toEqual(sent.map(({ text }) => text));
    await bridge.admin.untilState(number.locationId, sent.at(-1)!.messageId, ['delivered', 'read'], 60_000);
  }
}, 240_000);

interface Round {
  number: CrashNumber;
  sent: CrashMessage[];
  tookMs: number[];
  nothingMs: number[];
}

/** Posts twenty messages one after the other, each beside a health check as the yardstick; each has to be taken. */
async function postRound(number: CrashNumber, adminUrl: string): Promise<Round> {
  const round: Round = { number, sent: [], tookMs: [], nothingMs: [] };
  for (let n = 0; n < 20; n++) {
    round.nothingMs.push(await timed(() => fetch(`${adminUrl}/healthz`)));
    round.tookMs.push(await timed(async () => void round.sent.push(await number.send(`during the outage ${n}`))));
  }
  return round;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}
