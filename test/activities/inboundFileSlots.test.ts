import { asyncLocalStorage, type Context } from '@temporalio/activity';
import type { ActivityDeps } from '../../activities/deps';
import { createInboundFileActivities } from '../../activities/inboundFile';
import { createSlots } from '../../activities/slots';
import { openLine, PICTURE, type Line } from '../store/line';
import { openTestStore } from '../support/store';
import type { TestStore } from '../support/storeAt';

let ledger: TestStore;
beforeEach(async () => {
  ledger = await openTestStore({ kind: 'sqlite' });
});
afterEach(() => ledger.close());

/** A worker whose fetches last until they are ended. `begun` resolves with the tenth of them. */
function worker() {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  let hasBegun = (): void => undefined;
  const begun = new Promise<void>((resolve) => (hasBegun = resolve));
  const take: jest.Mock<Promise<void>, []> = jest.fn(() => {
    if (take.mock.calls.length === 10) hasBegun();
    return ended;
  });
  const app = { store: ledger.store, media: { take }, settings: { mediaAllowHosts: [] }, starter: { wake: jest.fn() } };
  const { fetchInboundFile } = createInboundFileActivities({ app } as unknown as ActivityDeps);
  const context = { heartbeat: () => undefined } as unknown as Context;
  const fetch = ({ scope }: Line, messageId: string) =>
    asyncLocalStorage.run(context, () => fetchInboundFile({ v: 1, ...scope, messageId }));
  return { fetch, take, end, begun };
}

async function pictures(line: Line, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push((await line.arrives({ file: PICTURE })).messageId);
  return ids;
}
const row = (id: string) => ledger.db.knex('inbound_files').where({ message_id: id }).first();

test('a location has a few fetches in hand at once; who finds no room comes again, and others are served', async () => {
  const { fetch, take, end, begun } = worker();
  const [busy, calm] = [await openLine(ledger), await openLine(ledger)];
  const ids = await pictures(busy, 11);
  const [other] = (await pictures(calm, 1)) as [string];
  const running = ids.slice(0, 10).map((id) => fetch(busy, id));
  const last = ids[10]!;
  await begun;
  await fetch(busy, last);
  expect(take).toHaveBeenCalledTimes(10);
  expect(await row(last)).toMatchObject({ state: 'wanted', tries: 0, retry_at: ledger.clock.now + 5_000 });
  running.push(fetch(calm, other));
  end();
  await Promise.all(running);
  expect(await row(other)).toMatchObject({ state: 'kept' });
  await fetch(busy, last);
  expect(await row(last)).toMatchObject({ state: 'kept' });
});

test('slots are given out up to the whole and up to the share of each, and come back', () => {
  const slots = createSlots({ total: 3, each: () => 2 });
  const first = slots.take('a')!;
  expect([slots.take('a'), slots.take('a'), slots.take('b'), slots.take('c')]).toEqual([
    expect.any(Function),
    null,
    expect.any(Function),
    null,
  ]);
  first();
  expect([slots.take('b'), slots.take('a')]).toEqual([expect.any(Function), null]);
});
