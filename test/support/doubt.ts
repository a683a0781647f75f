import type { Accepted } from '../../src/store/messages/acceptedRow';
import { OUTCOMES, type Line, type Typed } from '../store/line';
import type { Clock } from './storeAt';

/** Lets a send of a message stay without a clear answer, and its wait for the echo pass. */
export async function doubt(line: Line, clock: Clock, message: { messageId: string }): Promise<void> {
  await line.record(await line.grant(message), OUTCOMES.timeout);
  clock.advance(60_000);
  const { state } = (await line.claim(message)) as { state?: string };
  if (state !== 'unknown') throw new Error('The message is not unknown.');
}

/** Accepts a message and lets it end as unknown. */
export async function unknownOne(line: Line, clock: Clock, input: Typed = {}): Promise<Accepted> {
  const message = await line.accept(input);
  await doubt(line, clock, message);
  return message;
}
