import type { App } from '../app';
import type { ConnectionSettings } from '../config/connectionSettings';
import { notFound } from '../domain/errors';

/** Settings to change: a value sets, null goes back to the bridge's own. */
export type SettingsPatch = { [Name in keyof ConnectionSettings]?: ConnectionSettings[Name] | null };

/**
 * Changes settings of a connection; what already waits follows them, its head at once. Returns all that it now has set.
 * Throws `not_found`.
 */
export async function changeConnection(
  app: App,
  input: { connectionId: string; patch: SettingsPatch; actor: string },
): Promise<{ settings: object }> {
  const { connectionId, patch, actor } = input;
  const connection = (await app.store.connections.list()).find(({ id }) => id === connectionId);
  if (connection === undefined) throw notFound('connection');
  const scope = { locationId: connection.location_id };
  const { settings, wakes } = await app.store.connections.changeSettings(scope, connectionId, patch);
  await app.store.audit.write({
    actor,
    action: 'connection.settings',
    ...scope,
    subject: connectionId,
    detail: { changed: Object.keys(patch).sort().join(' ') },
  });
  app.starter.wakeSoon(wakes);
  return { settings };
}
