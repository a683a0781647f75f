import { DAY_MS, type CapWindow } from '../../domain/lane/caps';
import type { MessageClass } from '../../domain/laneRules';
import type { Trx } from '../context';
import type { PartRow } from '../rows';

/**
 * What counts for a number's caps: every part that was written, or may have been, at the time of its write. Each
 * question is answered by an index.
 */

/** Returns the time of the `cap`-th latest write that each limit counts, in its order; null: there are not so many. */
export async function latestOf(
  trx: Trx,
  connectionId: string,
  windows: readonly CapWindow[],
  now: number,
): Promise<(number | null)[]> {
  if (windows.length === 0) return [];
  // One way to the database for all of them; older than its window is as good as not there.
  const asked = windows.map((window, index) =>
    ofNumber(trx, connectionId, window)
      .where('charged_at', '>', now - window.windowMs)
      .orderBy('charged_at', 'desc')
      .limit(1)
      .offset(window.cap - 1)
      .select('charged_at')
      .as(`w${index}`),
  );
  const row = (await trx.select(...asked).first<Record<string, number | string | null> | undefined>()) ?? {};
  return windows.map((_, index) => (row[`w${index}`] == null ? null : Number(row[`w${index}`])));
}

/** A plan looks back on so many writes at most: of a cap above that it knows only what is ahead. */
const LOOK_BACK = 2_000;

/** Returns the times of a number's latest writes within a day that a limit counts, oldest first. */
export async function writtenOf(
  trx: Trx,
  connectionId: string,
  of: Pick<CapWindow, 'counts' | 'opens'>,
  now: number,
): Promise<number[]> {
  const rows = await ofNumber(trx, connectionId, of)
    .where('charged_at', '>', now - DAY_MS)
    .orderBy('charged_at', 'desc')
    .limit(LOOK_BACK)
    .pluck<(number | string)[]>('charged_at');
  return rows.map(Number).reverse();
}

function ofNumber(trx: Trx, connectionId: string, { counts, opens }: Pick<CapWindow, 'counts' | 'opens'>) {
  const bulk: MessageClass = 'bulk';
  return trx('message_parts').where({
    connection_id: connectionId,
    ...(opens ? { opens: 1 } : {}),
    ...(counts === 'bulk' ? { charged_as: bulk } : {}),
  });
}

/** Returns whether anything was ever exchanged between a number and one of some addresses. What arrives has no echo. */
export async function hasExchanged(trx: Trx, connectionId: string, addressKeys: readonly string[]): Promise<boolean> {
  const part = await trx<PartRow>('message_parts')
    .where({ connection_id: connectionId })
    .whereIn('address_key', addressKeys)
    .where((either) => void either.whereNotNull('charged_at').orWhereNull('echo_key'))
    .first('id');
  return part !== undefined;
}
