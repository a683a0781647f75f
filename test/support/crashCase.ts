import { eventually, type AdminClient } from './adminClient';
import type { CrashMessage, CrashNumber } from './crashNumbers';
import type { World } from './world';

/** Lanes are free again when a dead worker's lease ends, and its activity is given to another at the heartbeat timeout. */
const MOVE_MS = 50_000;

/** What one crash case is about: the message in hand, and two that were accepted behind it. */
export interface CrashCase {
  number: CrashNumber;
  first: CrashMessage;
  toSameContact: CrashMessage;
  toAnotherContact: CrashMessage;
}

/** Sends a case's three messages; the two behind are accepted once `inHand` has the first where the case wants it. */
export async function openCase(number: CrashNumber, inHand: (first: string) => Promise<void>): Promise<CrashCase> {
  const first = await number.send('first', 1);
  await inHand(first.text);
  const toSameContact = await number.send('to the same contact', 1);
  const toAnotherContact = await number.send('to another contact', 2);
  return { number, first, toSameContact, toAnotherContact };
}

/** The case's first message ends in this state, in the ledger and in GHL, with so many sends on the gateway's side. */
export async function expectFirst(
  world: World,
  admin: AdminClient,
  { number, first }: CrashCase,
  end: { state: 'read' | 'unknown' | 'sent'; sends: 0 | 1; reason?: string },
): Promise<void> {
  const answer = await admin.untilState(number.locationId, first.messageId, end.state, MOVE_MS);
  expect(answer.reason ?? null).toBe(end.reason ?? null);
  expect(number.sends(first.text)).toHaveLength(end.sends);
  expect(number.asked(first.text).length).toBeLessThanOrEqual(1);
  const word = { read: 'read', unknown: 'failed', sent: 'pending' }[end.state];
  await eventually(() => expect(world.ghl.message(first.messageId)?.status).toBe(word));
  if (end.state === 'unknown')
    expect(world.ghl.message(first.messageId)?.error?.message).toMatch(/may not have arrived/);
}

/** Both messages behind the first one are delivered and read, each sent once. */
export async function expectFollowers(world: World, admin: AdminClient, one: CrashCase): Promise<void> {
  for (const follower of [one.toSameContact, one.toAnotherContact]) {
    await admin.untilState(one.number.locationId, follower.messageId, 'read', MOVE_MS);
    expect(one.number.sends(follower.text)).toHaveLength(1);
    await eventually(() => expect(world.ghl.message(follower.messageId)?.status).toBe('read'));
  }
}
