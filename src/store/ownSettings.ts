import type { ReceiptSettings } from '../domain/receipts';
import type { Trx } from './context';
import type { ConnectionRow, LocationRow } from './rows';

/**
 * What a connection or a location may set for itself of how its messages go, as it was written (the names and forms are
 * checked where they are set). What is absent follows the next level: connection, location, environment.
 */
export interface OwnSettings extends ReceiptSettings {
  paceTextMs?: string;
  paceMediaMs?: string;
  paceReplyMs?: string;
  paceGroupMs?: string;
  capHourly?: number;
  capDaily?: number;
  capNewHourly?: number;
  warmupDaily?: string;
  quietHours?: string;
  duplicateTextMs?: number;
  holdMaxReplyMs?: number;
  holdMaxBulkMs?: number;
  receiptWaitMs?: number;
  mediaFallback?: 'fail' | 'link';
  atLeastOnce?: boolean;
  timezone?: string;
}

type Level = OwnSettings & { holdMaxMs?: number };

/** So many different pairs of settings are remembered; then all are forgotten, which costs a parse each. */
const MOST = 2_000;
const known = new Map<string, OwnSettings>();

/**
 * Returns the settings that hold for a connection: its own, else its location's. A hold that one level sets for one
 * class stands above what the same level sets for both. Parsed once for each pair of texts: never change what comes back.
 */
export function ownSettingsOf(
  connection: Pick<ConnectionRow, 'settings'> | null,
  location: Pick<LocationRow, 'settings'> | undefined,
): OwnSettings {
  const texts = [location?.settings ?? '{}', connection?.settings ?? '{}'] as const;
  const key = texts.join('\n');
  const before = known.get(key);
  if (before !== undefined) return before;
  const settings = Object.freeze({ ...levelOf(texts[0]), ...levelOf(texts[1]) });
  if (known.size >= MOST) known.clear();
  known.set(key, settings);
  return settings;
}

/** The same, for a connection whose location has to be looked up. */
export async function findOwnSettings(trx: Trx, connection: ConnectionRow | null): Promise<OwnSettings> {
  if (connection === null) return ownSettingsOf(null, undefined);
  const location = await trx<LocationRow>('locations').where({ location_id: connection.location_id }).first('settings');
  return ownSettingsOf(connection, location);
}

function levelOf(text: string): OwnSettings {
  const { holdMaxMs, ...rest } = JSON.parse(text) as Level;
  return holdMaxMs === undefined ? rest : { holdMaxReplyMs: holdMaxMs, holdMaxBulkMs: holdMaxMs, ...rest };
}
