import { createContactsApi, type ContactsApi } from './contacts';
import { createConversationsApi, type ConversationsApi } from './conversations';
import { createGhlHttp, type GhlHttpOptions } from './http';
import { createLocationsApi, type LocationsApi } from './locations';
import { createOAuthApi, type OAuthApi } from './oauth';

export interface GhlClientOptions extends GhlHttpOptions {
  /** `GHL_CLIENT_ID` and `GHL_CLIENT_SECRET`. */
  clientId: string;
  clientSecret: string;
}

/** Everything that the bridge asks of GHL. Every method sends once and throws DomainError. */
export type GhlClient = OAuthApi & ConversationsApi & ContactsApi & LocationsApi & { close(): Promise<void> };

/** Returns a client over one connection pool; access tokens are given to each call, none is kept. */
export function createGhlClient(options: GhlClientOptions): GhlClient {
  const http = createGhlHttp(options);
  return {
    ...createOAuthApi(http, options),
    ...createConversationsApi(http),
    ...createContactsApi(http),
    ...createLocationsApi(http),
    close: () => http.close(),
  };
}
