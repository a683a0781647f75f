import { createContactsApi, type ContactsApi } from './contacts';
import { createConversationsApi, type ConversationsApi } from './conversations';
import { createDndApi, type DndApi } from './dnd';
import { createGhlHttp, type GhlHttpOptions } from './http';
import { createInstalledLocationsApi, type InstalledLocationsApi } from './installedLocations';
import { createLocationsApi, type LocationsApi } from './locations';
import { createNotesApi, type NotesApi } from './notes';
import { createOAuthApi, type OAuthApi } from './oauth';
import { createRecentMessagesApi, type RecentMessagesApi } from './recentMessages';
import { createTasksApi, type TasksApi } from './tasks';
import { createUploadsApi, type UploadsApi } from './uploads';

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
  DndApi &
  LocationsApi &
  NotesApi &
  RecentMessagesApi &
  TasksApi &
  UploadsApi & { close(): Promise<void> };

/** Returns a client over one connection pool; the token and whose budget it spends are given to each call, none is kept. */
export function createGhlClient(options: GhlClientOptions): GhlClient {
  const http = createGhlHttp(options);
  return {
    ...createOAuthApi(http, options),
    ...createInstalledLocationsApi(http, options),
    ...createConversationsApi(http),
    ...createContactsApi(http),
    ...createDndApi(http),
    ...createLocationsApi(http),
    ...createNotesApi(http),
    ...createRecentMessagesApi(http),
    ...createTasksApi(http),
    ...createUploadsApi(http),
    close: () => http.close(),
  };
}
