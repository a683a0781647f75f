import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { notFound } from '../../../domain/errors';
import { parsed } from '../../kit/parse';
import type { PostResult } from '../../kit/poster';
import type { GhlState } from '../records/state';
import { postOut } from './outgoing';
import { tamperSchema } from './signing';

/** An app event (INSTALL, UNINSTALL, ...); appId, timestamp and webhookId are added (GHL docs, webhooks). */
export const eventSchema = z.strictObject({
  type: z.string(),
  /** The stand-in's `webhookUrl` when absent. */
  url: z.string().optional(),
  locationId: z.string().optional(),
  companyId: z.string().optional(),
  /** Further properties of the body, and other values for those it has. */
  extra: z.record(z.string(), z.unknown()).default({}),
  tamper: tamperSchema.optional(),
});

export type AppEvent = z.input<typeof eventSchema>;

/** Posts an app event, signed. Returns the answer. Throws DomainError `not_found` without any address to post to. */
export async function postEvent(state: GhlState, input: AppEvent): Promise<PostResult> {
  const event = parsed(eventSchema, input);
  const url = event.url ?? state.webhookUrl;
  if (url === undefined) throw notFound('webhook address');
  const { type, locationId, companyId, tamper } = event;
  const body = {
    type,
    appId: state.clientId.split('-')[0],
    locationId,
    companyId,
    timestamp: new Date(state.now()).toISOString(),
    webhookId: randomUUID(),
    ...event.extra,
  };
  const bytes = Buffer.from(JSON.stringify(body));
  return postOut(state, { kind: 'event', operation: type, url, bytes, locationId, tamper });
}

/** Posts INSTALL, when app events have an address at all: GHL does so before the code is exchanged (issue 294). */
export function announceInstall(state: GhlState, grant: { companyId: string; locationId?: string }): void {
  if (state.webhookUrl === undefined) return;
  const installType = grant.locationId === undefined ? 'Company' : 'Location';
  void postEvent(state, { type: 'INSTALL', ...grant, extra: { installType, userId: 'sbx-user-1' } });
}
