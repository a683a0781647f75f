import { createOrderedQueue } from '../../src/temporal/orderedQueue';

/** Work that notes its beginning and lasts until `end`. */
function works() {
  const begun: string[] = [];
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const work = (name: string) => async (): Promise<void> => {
    begun.push(name);
    await ended;
  };
  return { begun, work, end: () => end() };
}

test('what may come later begins behind everything that may not, however long it has waited', async () => {
  const queue = createOrderedQueue();
  const { begun, work, end } = works();
  for (let n = 1; n <= 8; n++) queue.push(work(`campaign ${n}`), 'later');
  for (let n = 1; n <= 6; n++) queue.push(work(`reply ${n}`));
  expect(begun).toEqual(['campaign 1', 'campaign 2', 'campaign 3', 'campaign 4']);
  end();
  await queue.close(5_000);
  expect(begun.slice(4, 10)).toEqual(Array.from({ length: 6 }, (_, n) => `reply ${n + 1}`));
  expect(begun.slice(10)).toEqual(['campaign 5', 'campaign 6', 'campaign 7', 'campaign 8']);
});

test('a queue that is full of later work takes what may not wait', async () => {
  const queue = createOrderedQueue();
  const { work, end } = works();
  while (queue.push(work('campaign'), 'later'));
  expect(queue.push(work('reply'))).toBe(true);
  await queue.close(0);
  end();
  expect(queue.push(work('after the end'))).toBe(false);
});
