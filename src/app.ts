import type { GatewayAdapter } from './channels/gateway';
import type { Settings } from './config/settings';
import type { GhlClient } from './ghl/client';
import type { Media } from './media/media';
import type { Logger } from './observability/logger';
import type { Metrics } from './observability/metrics';
import type { Store } from './store/store';
import type { Starter } from './temporal/starter';

/** What every part of the bridge is made of; wired once, in main.ts. */
export interface App {
  settings: Settings;
  store: Store;
  ghl: GhlClient;
  /** The gateway adapters by name; unknown names throw. */
  gateway(name: string): GatewayAdapter;
  /** The files of messages. */
  media: Media;
  starter: Starter;
  logger: Logger;
  metrics: Metrics;
}
