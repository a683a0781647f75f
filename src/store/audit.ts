import { newId, type StoreContext } from './context';

export interface AuditEntry {
  /** Who: `operator`, `oauth`, `ops-cli`. */
  actor: string;
  action: string;
  locationId?: string;
  subject?: string;
  /** Names and values that hold no secret, number or text. */
  detail?: Record<string, string | number | boolean | null>;
}

/** Writes down who changed what. */
export async function writeAudit(ctx: StoreContext, entry: AuditEntry): Promise<void> {
  const now = await ctx.db.now();
  await ctx.db.knex('audit_log').insert({
    id: newId(now),
    at: now,
    actor: entry.actor,
    action: entry.action,
    location_id: entry.locationId ?? null,
    subject: entry.subject ?? null,
    detail: JSON.stringify(entry.detail ?? {}),
  });
}
