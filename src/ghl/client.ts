import { createContactsApi, type ContactsApi } from './contacts';
import { createConversationsApi, type ConversationsApi } from './conversations';
import { createGhlHttp, type GhlHttpOptions } from './http';
import { createInstalledLocationsApi, type InstalledLocationsApi } from './installedLocations';
import { createLocationsApi, type LocationsApi } from './locations';
import { createNotesApi, type NotesApi } from './notes';
import { createOAuthApi, type OAuthApi } from './oauth';
import { createTasksApi, type TasksApi } from './tasks';

export interface GhlClientOptions extends GhlHttpOptions {
  /** `GHL_CLIENT_ID` and `GHL_CLIENT_SECRET`. */
  clientId: string;
  clientSecret: string;
}

/** Everything that the bridge asks of GHL. Every method sends once and throws DomainError. */
export type GhlClient = OAuthApi &
  InstalledLocationsApi &
  ConversationsApi &
  ContactsApi &
  LocationsApi &
  NotesApi &
  TasksApi & { close(): Promise<void> };

/** Returns a client over one connection pool; the token and whose budget it spends are given to each call, none is kept. */
export function createGhlClient(options: GhlClientOptions): GhlClient {
  const http = createGhlHttp(options);
  return {
    ...createOAuthApi(http, options),
    ...createInstalledLocationsApi(http, options),
    ...createConversationsApi(http),
    ...createContactsApi(http),
    ...createLocationsApi(http),
    ...createNotesApi(http),
    ...createTasksApi(http),
    close: () => http.close(),
  };
}
