import { hashSecret, randomSecret } from '../crypto/secrets';
import { writeAudit } from './audit';
import { connectIn, findByInstance } from './connections';
import type { Scope, StoreContext, Trx } from './context';
import { openCredentials, type ExternalCredentials } from './externalAuth';
import { defaultOf } from './externalAuthDefaults';
import type { ExternalAuthRow } from './rows';

/**
 * Connects what external authentication kept for a location, in the transaction that stores its token and after it has
 * written the location's state: no message is accepted in between and failed for the lack of a number. The prober then
 * verifies the connection and tells the gateway where to post. An instance that another location got meanwhile stays
 * there, and the audit log says so: it is no reason to lose an installation.
 */
export async function bindWaiting(ctx: StoreContext, trx: Trx, scope: Scope): Promise<void> {
  const own = { location_id: scope.locationId };
  const row = await trx<ExternalAuthRow>('external_auth_waiting').where(own).forUpdate().first();
  if (row === undefined) return;
  const kept = openCredentials(ctx, row);
  const holder = await findByInstance(ctx, trx, kept);
  const isTaken = holder !== undefined && holder.location_id !== scope.locationId;
  const subject = isTaken ? kept.instanceId : await bind(ctx, trx, scope, kept);
  await trx('external_auth_waiting').where(own).delete();
  const action = isTaken ? 'external_auth.instance_taken' : 'connection.connect';
  await writeAudit(ctx, { actor: 'external_auth', action, ...scope, subject }, trx);
}

async function bind(ctx: StoreContext, trx: Trx, scope: Scope, kept: ExternalCredentials): Promise<string> {
  const webhookSecret = randomSecret();
  const webhook = { webhookSecret, webhookHash: hashSecret(webhookSecret) };
  const { connectionId } = await connectIn(ctx, trx, scope, { ...kept, ...webhook, channel: 'whatsapp' });
  return connectionId;
}

/** What the bridge holds of a location whose external authentication GHL calls connected. */
export type ExternalAuthHeld = 'number' | 'waiting' | 'default' | 'nothing';

/**
 * Writes down that GHL calls a location's external authentication connected (EXTERNAL_AUTH_CONNECTED; `at` in epoch
 * milliseconds), and what the bridge holds of it. Returns the latter: `nothing` means that GHL asked another address.
 */
export async function markConnected(ctx: StoreContext, scope: Scope, at: number): Promise<ExternalAuthHeld> {
  const held = await heldOf(ctx, scope);
  await writeAudit(ctx, { actor: 'ghl', action: 'external_auth.connected', ...scope, detail: { at, held } });
  return held;
}

/** Returns what the bridge holds of a location, however it came here. */
export async function heldOf(ctx: StoreContext, scope: Scope): Promise<ExternalAuthHeld> {
  const has = async (table: string): Promise<boolean> =>
    (await ctx.db.knex(table).where({ location_id: scope.locationId }).first('location_id')) !== undefined;
  if (await has('connections')) return 'number';
  if (await has('external_auth_waiting')) return 'waiting';
  return (await defaultOf(ctx, scope)) === null ? 'nothing' : 'default';
}
