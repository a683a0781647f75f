import { newId, type StoreContext, type Trx } from './context';

export interface AuditEntry {
  /** Who: `operator`, `oauth`, `ops-cli`. */
  actor: string;
  action: string;
  locationId?: string;
  subject?: string;
  /** Names and values that hold no secret, number or text. */
  detail?: Record<string, string | number | boolean | null>;
}

/** Writes down who changed what; with a transaction, only if that is committed. */
export async function writeAudit(ctx: StoreContext, entry: AuditEntry, trx?: Trx): Promise<void> {
  const now = await ctx.db.now(trx);
  await (trx ?? ctx.db.knex)('audit_log').insert({
    id: newId(now),
    at: now,
    actor: entry.actor,
    action: entry.action,
    location_id: entry.locationId ?? null,
    subject: entry.subject ?? null,
    detail: JSON.stringify(entry.detail ?? {}),
  });
}
