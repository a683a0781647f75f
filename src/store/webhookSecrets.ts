import { hashSecret, randomSecret } from '../crypto/secrets';
import { writeAudit } from './audit';
import type { Scope, StoreContext } from './context';
import { ownConnection } from './find';
import type { ConnectionRow } from './rows';

/*
 * The secret in the address to which a gateway posts. It is changed in two steps, for the gateway posts once and never
 * again: first the coming one is good beside the present one, then, once the gateway has taken its address, it takes its
 * place. A process that dies in between leaves an address that is good, whichever of the two the gateway knows.
 */

/** What the gateway had under way when it took the new address still comes to the old one. */
const FORMER_MS = 60_000;

/** The columns of a connection whose secret is not being changed. */
export const NO_ROTATION = {
  webhook_coming_hash: null,
  webhook_coming_sealed: null,
  webhook_former_hash: null,
  webhook_former_until: null,
} as const;

/** Returns the connection that a webhook secret's hash names, or null: the one way in without a location. */
export async function findByWebhookHash(ctx: StoreContext, webhookHash: string): Promise<ConnectionRow | null> {
  const connections = () => ctx.db.knex<ConnectionRow>('connections');
  const present = () => connections().where({ webhook_hash: webhookHash }).first();
  const known = await present();
  if (known !== undefined) return known;
  const now = await ctx.db.now();
  const rotating = await connections()
    .where({ webhook_coming_hash: webhookHash })
    .orWhere((one) => void one.where({ webhook_former_hash: webhookHash }).where('webhook_former_until', '>', now))
    .first();
  // Asked again: a coming secret that took its place between the two questions is in neither answer.
  return rotating ?? (await present()) ?? null;
}

/** Returns the secret in the address that a connection's gateway is to be told: the coming one, where there is one. */
export function webhookSecretOf(ctx: StoreContext, row: ConnectionRow): string {
  if (row.webhook_coming_sealed !== null) return ctx.crypto.open(row.webhook_coming_sealed, comingOf(row.id));
  return ctx.crypto.open(row.webhook_sealed, presentOf(row.id));
}

const presentOf = (id: string): string => `connections/${id}/webhook`;
const comingOf = (id: string): string => `connections/${id}/webhook_coming`;

/**
 * Makes a new secret that is good beside the present one, and has the gateway told. One that was begun and not ended goes
 * on with its secret, for the gateway may know that one already. Throws `not_found`.
 */
export async function beginRotation(
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  actor: string,
): Promise<void> {
  await ctx.db.tx(async (trx) => {
    const { id } = await ownConnection(trx, scope, connectionId);
    const secret = randomSecret();
    await trx<ConnectionRow>('connections')
      .where({ id, location_id: scope.locationId })
      .whereNull('webhook_coming_hash')
      .update({
        webhook_coming_hash: hashSecret(secret),
        webhook_coming_sealed: ctx.crypto.seal(secret, comingOf(id)),
        webhook_registered: 0,
      });
    await writeAudit(ctx, { actor, action: 'webhook.rotate', ...scope, subject: id }, trx);
  });
}

/**
 * Notes that the gateway has taken the address with this secret; a coming one takes the place of the present one then,
 * which is refused a minute later. False: another one is to be told by now, and the gateway knows the wrong one.
 */
export async function markWebhookRegistered(
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  webhookHash: string,
): Promise<boolean> {
  return await ctx.db.tx(async (trx) => {
    const name = { id: connectionId, location_id: scope.locationId };
    const row = await trx<ConnectionRow>('connections').where(name).forUpdate().first();
    if (row === undefined || webhookHash !== (row.webhook_coming_hash ?? row.webhook_hash)) return false;
    const isNew = row.webhook_coming_hash !== null;
    const change = isNew ? endRotation(ctx, row, await ctx.db.now(trx)) : {};
    await trx<ConnectionRow>('connections')
      .where(name)
      .update({ ...change, webhook_registered: 1 });
    if (isNew) await writeAudit(ctx, { actor: 'bridge', action: 'webhook.rotated', ...scope, subject: row.id }, trx);
    return true;
  });
}

function endRotation(ctx: StoreContext, row: ConnectionRow, now: number): Partial<ConnectionRow> {
  return {
    ...NO_ROTATION,
    webhook_hash: row.webhook_coming_hash ?? row.webhook_hash,
    webhook_sealed: ctx.crypto.seal(webhookSecretOf(ctx, row), presentOf(row.id)),
    webhook_former_hash: row.webhook_hash,
    webhook_former_until: now + FORMER_MS,
  };
}
