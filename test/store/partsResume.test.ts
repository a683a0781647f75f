import fc from 'fast-check';
import { describeStores } from './describeStores';
import { openLine, OUTCOMES, type Line } from './line';
import type * as LinesAsParts from '../support/linesAsParts';

/** Here a text has a part for each of its lines. */
jest.mock('../../src/domain/parts', () =>
  jest
    .requireActual<typeof LinesAsParts>('../support/linesAsParts')
    .linesAsParts(jest.requireActual('../../src/domain/parts')),
);

/** What becomes of a granted part; a killed process leaves its claim behind without an outcome. */
const ENDS = ['accepted', 'refused', 'busy', 'stale', 'echoed', 'lost', 'killed'] as const;
type End = (typeof ENDS)[number];
/** After these the part has, or may have, left. */
const MAY_HAVE_LEFT: readonly End[] = ['accepted', 'echoed', 'lost', 'killed'];

async function finish(line: Line, message: { messageId: string }, end: End, n: number): Promise<void> {
  const granted = await line.grant(message);
  expect(granted.claim.n).toBe(n);
  switch (end) {
    case 'accepted':
      await line.record(granted, { kind: 'accepted', gatewayId: `ID-${message.messageId}-${n}` });
      return;
    case 'refused':
    case 'busy':
    case 'stale':
      await line.record(granted, OUTCOMES[end], null);
      return;
    case 'echoed':
    case 'lost':
      await line.record(granted, OUTCOMES.timeout);
      if (end === 'echoed') await line.echo(`ECHO-${message.messageId}-${n}`, { text: `line ${n}` });
      return;
    case 'killed':
  }
}

describeStores('a message of several parts, whatever becomes of each', (ledger) => {
  it('goes on with the first part that has not left, and writes none twice', async () => {
    const ends = fc.array(fc.constantFrom(...ENDS), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), ends, async (count, script) => {
        const line = await openLine(ledger());
        const text = Array.from({ length: count }, (_, n) => `line ${n + 1}`).join('\n');
        const message = await line.accept({ text });
        let next = 1;
        for (let turn = 0; next <= count; turn++) {
          const end = script[turn] ?? 'accepted';
          await finish(line, message, end, next);
          if (MAY_HAVE_LEFT.includes(end)) next += 1;
          await untilClaimable(line, message);
        }
        expect(await line.claim(message)).toMatchObject({ kind: 'done' });
      }),
      { numRuns: ledger().kind === 'sqlite' ? 40 : 8 },
    );
  }, 60_000);

  /** Lets time pass as its run would: gap, back-off, lease and the wait for an echo, until it may be granted or is done. */
  async function untilClaimable(line: Line, message: { messageId: string }): Promise<void> {
    // Two sends in a row that did not leave hold the number, until a probe finds its gateway again.
    await ledger().store.connections.recordProbe(line.scope, line.connectionId, { kind: 'connected' });
    for (let looks = 0; looks < 20; looks++) {
      const claim = await line.claim(message, true);
      if (claim.kind === 'ready' || claim.kind === 'done') return;
      if (claim.kind !== 'wait' && claim.kind !== 'sit') throw new Error(claim.kind);
      ledger().clock.advance(claim.ms);
    }
    throw new Error('it waits without end');
  }
});
