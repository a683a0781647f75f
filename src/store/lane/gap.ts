import { gapEndsAt, paceKindOf } from '../../domain/lane/gap';
import type { PaceKind } from '../../domain/laneRules';
import type { PartSpec } from '../../domain/parts';
import type { Trx } from '../context';
import type { MessageRow, PartRow } from '../rows';
import type { Sight } from './sight';

type Going = Pick<MessageRow, 'rank' | 'to_group' | 'files'> & Partial<Pick<MessageRow, 'id' | 'attempt'>>;

/** Returns when the gap before a message's next part has run, epoch milliseconds; without an attempt it has no parts yet. */
export async function gapBefore(trx: Trx, { lane, rules, connection }: Sight, message: Going): Promise<number> {
  const gap = rules.pace[await kindOfNext(trx, message)];
  const returnedAt = connection?.returned_at ?? null;
  return gapEndsAt({ lastAt: lane.last_at, jitter: lane.jitter, gap, returnedAt });
}

/** Of most messages the row says it; where it has files, its next part does. */
async function kindOfNext(trx: Trx, { id, attempt, rank, to_group, files }: Going): Promise<PaceKind> {
  const row = { rank, toGroup: to_group === 1 };
  const byRow = paceKindOf({ ...row, isMedia: files > 0 });
  if (byRow !== 'media' || id === undefined || attempt === undefined) return byRow;
  const part = await trx<PartRow>('message_parts')
    .where({ message_id: id, attempt, state: 'unsent' })
    .orderBy('n')
    .first('spec');
  return paceKindOf({ ...row, isMedia: isMedia(part?.spec ?? null) });
}

function isMedia(spec: string | null): boolean {
  return spec === null || (JSON.parse(spec) as PartSpec).kind === 'media';
}
