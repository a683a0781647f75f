import type { Knex } from 'knex';
import { dueOf } from '../../domain/lane/head';
import { BULK_RANK } from '../../domain/laneRules';
import type { Trx } from '../context';
import type { MessageRow } from '../rows';
import type { Sight } from './sight';

/** Who goes next in a lane, and from when on the limits and its own waits let it; the gap is not in it. */
export interface NextMessage {
  message: MessageRow;
  at: number;
}

/**
 * Returns who goes next in a lane, or null when nobody waits: the rule is nextOf of domain/lane/head.ts, with which these
 * queries must agree. The limits open in stages: what may go at one is found before what only the next lets go.
 */
export async function findNext(
  trx: Trx,
  sight: Pick<Sight, 'lane' | 'rules' | 'openings' | 'now'>,
): Promise<NextMessage | null> {
  const { duplicateTextMs } = sight.rules;
  const due = dueSql(duplicateTextMs);
  const stages = stagesOf(sight);
  for (const [index, { at, kinds }] of stages.entries()) {
    const ready = await best(
      kinds.map((kind) => firsts(trx, sight.lane.id, kind).whereRaw(`${due} <= ?`, [at])),
      byTurn,
    );
    if (ready !== null) return { message: ready, at };
    const until = stages[index + 1]?.at ?? Number.MAX_SAFE_INTEGER;
    const dueAt = (row: MessageRow): number => dueOfRow(row, duplicateTextMs);
    const later = await best(
      kinds.map((kind) => firsts(trx, sight.lane.id, kind).whereRaw(`${due} < ?`, [until]).orderByRaw(due)),
      (a, b) => dueAt(a) - dueAt(b) || byTurn(a, b),
    );
    if (later !== null) return { message: later, at: dueAt(later) };
  }
  return null;
}

/** Returns the end of a message's own wait (see dueOf), epoch milliseconds. */
export function dueOfRow(
  { rank, not_before, repeat_at }: Pick<MessageRow, 'rank' | 'not_before' | 'repeat_at'>,
  duplicateTextMs: number,
): number {
  return dueOf({ rank, notBefore: not_before, repeatAt: repeat_at }, duplicateTextMs);
}

/** A span of a lane's order that one index serves. */
interface Kind {
  replies: boolean;
  fresh: 0 | 1 | null;
}

/** The moments at which limits open, from now on, each with everything that they let go by then. */
function stagesOf({ openings, now }: Pick<Sight, 'openings' | 'now'>): { at: number; kinds: Kind[] }[] {
  const { reply, bulk, freshReply, freshBulk } = openings;
  const times = [reply, bulk, freshReply, freshBulk].map(({ at }) => Math.max(now, at));
  return [...new Set(times)]
    .sort((a, b) => a - b)
    .map((at) => {
      const known = allowed(openings.reply.at <= at, openings.bulk.at <= at);
      const fresh = allowed(openings.freshReply.at <= at, openings.freshBulk.at <= at);
      if (known === fresh) return { at, kinds: known === null ? [] : [{ replies: known === 'replies', fresh: null }] };
      const kinds = [kindOf(known, 0), kindOf(fresh, 1)];
      return { at, kinds: kinds.filter((kind) => kind !== null) };
    });
}

function allowed(reply: boolean, bulk: boolean): 'all' | 'replies' | null {
  if (bulk) return 'all';
  return reply ? 'replies' : null;
}

function kindOf(may: 'all' | 'replies' | null, fresh: 0 | 1): Kind | null {
  return may === null ? null : { replies: may === 'replies', fresh };
}

/** The first unfinished message of each party that can be claimed, of one kind. */
function firsts(trx: Trx, laneId: string, { replies, fresh }: Kind): Knex.QueryBuilder {
  return trx('messages as m')
    .where('m.lane_id', laneId)
    .where('m.claimable', 1)
    .where((kind) => {
      if (replies) void kind.where('m.rank', '<', BULK_RANK);
      if (fresh !== null) void kind.where('m.fresh', fresh);
    })
    .whereNotExists((earlier) => {
      void earlier
        .from('messages as e')
        .where('e.lane_id', laneId)
        .where('e.open', 1)
        .whereRaw('e.party = m.party')
        .whereRaw('e.seq < m.seq');
    });
}

/** `dueOf` in SQL. */
function dueSql(duplicateTextMs: number): string {
  if (duplicateTextMs === 0) return 'm.not_before';
  const repeat = `m.repeat_at + ${Math.trunc(duplicateTextMs)}`;
  return `CASE WHEN m.rank >= ${BULK_RANK} AND ${repeat} > m.not_before THEN ${repeat} ELSE m.not_before END`;
}

/** Returns the first of what several queries find first, or null. */
async function best(
  queries: readonly Knex.QueryBuilder[],
  order: (a: MessageRow, b: MessageRow) => number,
): Promise<MessageRow | null> {
  const found: MessageRow[] = [];
  for (const query of queries) {
    const row = await query.orderBy([{ column: 'm.rank' }, { column: 'm.seq' }]).first<MessageRow | undefined>('m.*');
    if (row !== undefined) found.push(row);
  }
  return found.sort(order)[0] ?? null;
}

function byTurn(a: MessageRow, b: MessageRow): number {
  return a.rank - b.rank || a.seq - b.seq;
}
