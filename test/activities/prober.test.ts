import type { ProbeResult } from '../../src/channels/gateway';
import { startProber } from '../../src/loops/prober';
import { openLine } from '../store/line';
import { eventually } from '../support/adminClient';
import { openTestStore } from '../support/store';

test('a gateway host that hangs puts nobody else off: others are asked again and again, it is asked once', async () => {
  const ledger = await openTestStore({ kind: 'sqlite' });
  const [hung, calm] = [await openLine(ledger), await openLine(ledger)];
  let end = (): void => undefined;
  const ended = new Promise<ProbeResult>((resolve) => (end = () => resolve({ kind: 'unreachable', cause: 'timeout' })));
  const asked: string[] = [];
  const probe = async ({ connectionId }: { connectionId: string }): Promise<ProbeResult> => {
    asked.push(connectionId);
    return connectionId === hung.connectionId ? await ended : { kind: 'connected' };
  };
  const prober = startProber({
    store: {
      ...ledger.store,
      connections: {
        ...ledger.store.connections,
        takeDueProbes: async () => {
          await ledger.db.knex('connections').update({ probe_due_at: 0 });
          return await ledger.store.connections.takeDueProbes();
        },
      },
    },
    gateway: () => ({ probe }),
    starter: { wake: jest.fn(), connectionChanged: jest.fn() },
    metrics: { connectionChanges: { inc: jest.fn() } },
    logger: { error: jest.fn(), warn: jest.fn(), info: jest.fn() },
    settings: {},
  } as unknown as Parameters<typeof startProber>[0]);
  await eventually(() => expect(asked.filter((id) => id === calm.connectionId).length).toBeGreaterThan(1));
  expect(asked.filter((id) => id === hung.connectionId)).toHaveLength(1);
  // It came due again meanwhile: perhaps the gateway has told of a change, and it tells it once.
  end();
  await eventually(() => expect(asked.filter((id) => id === hung.connectionId).length).toBeGreaterThan(1), 900);
  await prober.stop();
  await ledger.close();
});
