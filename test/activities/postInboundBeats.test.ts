import { asyncLocalStorage, type Context } from '@temporalio/activity';
import type { ActivityDeps } from '../../activities/deps';
import { createInboundMessageActivities } from '../../activities/inboundMessage';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

it('beats as long as a post takes, so that the death of its worker is noticed within seconds, and no longer', async () => {
  let end: (claim: object) => void = () => undefined;
  const claim = new Promise<object>((resolve) => (end = resolve));
  const store = { messages: { claimPart: () => claim } };
  const deps = { app: { store, starter: {} }, draining: new AbortController().signal } as unknown as ActivityDeps;
  const heartbeat = jest.fn();
  const { postInbound } = createInboundMessageActivities(deps);
  const context = { heartbeat } as unknown as Context;
  const posting = asyncLocalStorage.run(context, () => postInbound({ v: 1, locationId: 'l', messageId: 'm' }));
  await jest.advanceTimersByTimeAsync(16_000);
  expect(heartbeat).toHaveBeenCalledTimes(3);
  end({ kind: 'sit', ms: 1, reason: 'gap' });
  expect(await posting).toMatchObject({ kind: 'wait' });
  await jest.advanceTimersByTimeAsync(60_000);
  expect(heartbeat).toHaveBeenCalledTimes(3);
});
