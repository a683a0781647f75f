import { asyncLocalStorage, type Context } from '@temporalio/activity';
import type { ActivityDeps } from '../../activities/deps';
import { createHostSlots } from '../../activities/hostSlots';
import { createOutboundMessageActivities } from '../../activities/outboundMessage';
import type { StepResult } from '../../src/domain/workflowTypes';
import { eventually } from '../support/adminClient';
import { fresh, openLine, type Line } from '../store/line';
import { openTestStore } from '../support/store';
import type { TestStore } from '../support/storeAt';

let ledger: TestStore;
beforeEach(async () => {
  ledger = await openTestStore({ kind: 'sqlite' });
});
afterEach(() => ledger.close());

/** A worker with eight slots of a gateway host, whose files come when it shuts down. */
function worker() {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const fetch = jest.fn(async () => {
    await ended;
    return { kind: 'image', mediaId: fresh('media'), name: 'a.png' };
  });
  const app = {
    store: ledger.store,
    settings: { waapifyTimeoutMs: 28_000 },
    media: { take: fetch, addressOf: () => 'https://bridge.example.com/media/a.png' },
    gateway: () => ({ send: () => Promise.resolve({ kind: 'accepted', gatewayId: fresh('WAMID') }) }),
    metrics: { laneClaims: { inc: jest.fn() }, gatewaySends: { inc: jest.fn() }, messages: { inc: jest.fn() } },
    starter: { wake: jest.fn(), connectionChanged: jest.fn() },
  };
  const shutdown = new AbortController();
  const deps = { app, draining: shutdown.signal } as unknown as ActivityDeps;
  const { sendMessage } = createOutboundMessageActivities(deps, createHostSlots(8));
  const context = { heartbeat: () => undefined } as unknown as Context;
  const take = async ({ scope }: Line, { messageId }: { messageId: string }): Promise<StepResult> =>
    await asyncLocalStorage.run(context, () => sendMessage({ v: 1, ...scope, messageId }));
  const shutDown = (): void => {
    shutdown.abort();
    end();
  };
  return { take, fetch, shutDown };
}

const acceptPicture = (line: Line, to = 'anna') =>
  line.accept({
    to,
    content: { v: 1, text: '', attachments: [{ url: 'https://files.example.com/a' }] },
    parts: [{ kind: 'media', attachment: 0 }],
  });

test('files that come slowly hold nothing of their gateway host', async () => {
  const { take, fetch, shutDown } = worker();
  const lines = await Promise.all(Array.from({ length: 8 }, () => openLine(ledger)));
  const stays: Promise<StepResult>[] = [];
  for (const [index, line] of lines.entries()) {
    stays.push(take(line, await acceptPicture(line)));
    await eventually(() => expect(fetch).toHaveBeenCalledTimes(index + 1));
  }
  const calm = await openLine(ledger);
  expect(await take(calm, await calm.accept())).toMatchObject({ kind: 'out', state: 'sent' });
  shutDown();
  await Promise.all(stays);
});

test('a location has a few fetches in hand at once; who finds no room comes again, and others are served', async () => {
  const { take, fetch, shutDown } = worker();
  const [busy, calm] = [await openLine(ledger), await openLine(ledger)];
  const stays: Promise<StepResult>[] = [];
  for (let n = 1; n <= 10; n++) {
    stays.push(take(busy, await acceptPicture(busy, `contact-${n}`)));
    await eventually(() => expect(fetch).toHaveBeenCalledTimes(n));
  }
  const late = await acceptPicture(busy, 'late');
  expect(await take(busy, late)).toMatchObject({ kind: 'wait', reason: 'preparing', ms: 2_000 });
  const { now } = ledger.clock;
  expect(await busy.message(late)).toMatchObject({ not_before: now + 2_000, next_wake_at: now + 2_000, tries: 0 });
  expect(fetch).toHaveBeenCalledTimes(10);
  stays.push(take(calm, await acceptPicture(calm)));
  await eventually(() => expect(fetch).toHaveBeenCalledTimes(11));
  shutDown();
  await Promise.all(stays);
});
