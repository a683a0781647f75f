import type { Gap } from '../../domain/lane';
import type { StoreContext } from '../context';
import type { ConnectionRow, MessageRow } from '../rows';

const NO_GAP: Gap = { minMs: 0, maxMs: 0 };

/** Returns the gap before a part of this connection: its own setting, else the bridge's; none for what needs no pace. */
export function paceOf(ctx: StoreContext, direction: MessageRow['direction'], connection: ConnectionRow | null): Gap {
  if (direction === 'inbound' || connection === null || !ctx.capabilities(connection.gateway).paced) return NO_GAP;
  return ownPace(connection) ?? ctx.timings.paceText;
}

function ownPace(connection: ConnectionRow): Gap | null {
  const { paceTextMs } = JSON.parse(connection.settings) as { paceTextMs?: string };
  const [minMs, maxMs] = (paceTextMs ?? '').split('-').map(Number);
  return minMs === undefined || maxMs === undefined ? null : { minMs, maxMs };
}
