import type { MessageRow, PartRow } from '../../src/store/rows';
import { evenRules, type TestStore } from '../support/storeAt';
import { fresh, typed, type Line } from './line';

const PACE = { minMs: 20, maxMs: 40 };
export const HAMMER_OPTIONS = { timings: { gatewayTimeoutMs: 5_000 }, rules: evenRules(PACE) };

/** Claims whatever is open in these locations, in no order, with three hands at once, until nothing is open. */
export async function hammer(
  { store, db }: TestStore,
  locationIds: string[],
  onGrant: (partId: string) => void,
): Promise<void> {
  const open = (): Promise<MessageRow[]> =>
    db.knex<MessageRow>('messages').whereIn('location_id', locationIds).where({ open: 1 });
  const hand = async (): Promise<void> => {
    for (let left = await open(); left.length > 0; left = await open()) {
      const { id, location_id: locationId } = left[Math.floor(Math.random() * Math.min(left.length, 6))]!;
      const claim = await store.messages.claimPart({ locationId }, id);
      if (claim.kind !== 'granted') continue;
      onGrant(claim.claim.partId);
      const outcome = { kind: 'accepted' as const, gatewayId: `ID-${claim.claim.attemptToken}` };
      await store.messages.recordOutcome(claim.claim, outcome, 0);
    }
  };
  await Promise.all(Array.from({ length: 3 }, hand));
}

/** Accepts messages of a few contacts from both stores at once. */
export async function fill(stores: TestStore[], line: Line, count: number): Promise<void> {
  const accepts = Array.from({ length: count }, (_, n) => {
    const { store } = stores[n % stores.length]!;
    return store.messages.acceptOutbound(line.scope, typed({ to: `p${n % 4}`, messageKey: fresh('key') }));
  });
  await Promise.all(accepts);
}

/** What went wrong on a number, by what its rows say: nothing, when all is well. */
export async function troubles({ db }: TestStore, line: Line): Promise<string[]> {
  const parts = await db
    .knex<PartRow>('message_parts as p')
    .join<MessageRow>('messages as m', 'm.id', 'p.message_id')
    .where('p.connection_id', line.connectionId)
    .orderBy('p.claimed_at')
    .select<(PartRow & { party: string; seq: number; open: number })[]>('p.*', 'm.party', 'm.seq', 'm.open');
  const found: string[] = [];
  const lastSeq = new Map<string, number>();
  for (const [index, part] of parts.entries()) {
    const before = parts[index - 1];
    if (part.open !== 0 || part.state !== 'sent') found.push(`not sent: ${part.id}`);
    if (before && part.claimed_at! - before.written_at! < PACE.minMs) found.push(`no gap before ${part.id}`);
    if ((lastSeq.get(part.party) ?? 0) > part.seq) found.push(`overtaken: ${part.id}`);
    lastSeq.set(part.party, part.seq);
  }
  return found;
}
