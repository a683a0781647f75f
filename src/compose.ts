import type { App } from './app';
import type { GatewayAdapter } from './channels/gateway';
import { createWaapifyAdapter } from './channels/whatsapp/adapter';
import { laneDefaults } from './config/laneDefaults';
import type { Settings } from './config/settings';
import { createCipher } from './crypto/cipher';
import { createKeyRing } from './crypto/keyRing';
import { DomainError } from './domain/errors';
import { createGhlBudget } from './ghl/budget';
import { createGhlClient } from './ghl/client';
import { createMedia } from './media/createMedia';
import { createLogger, type Logger } from './observability/logger';
import { createMetrics, type Metrics } from './observability/metrics';
import { openDb } from './store/db';
import { createStore, type Store } from './store/store';
import { createTemporalClient, type TemporalClient } from './temporal/client';
import { createStarter } from './temporal/starter';

export interface ComposeOptions {
  logger?: Logger;
  /** Further gateways beside Waapify (tests bring one that is not WhatsApp). */
  gateways?: GatewayAdapter[];
  /** How long later messages are held for a file that arrives; a test shortens it. */
  fileHoldMs?: number;
}

export interface Composed {
  app: App;
  temporal: TemporalClient;
  /** Closes what was opened here, in order. */
  close(): Promise<void>;
}

/** Wires the application: the one place where its parts are made. Throws what opening the store throws. */
export async function compose(settings: Settings, options: ComposeOptions = {}): Promise<Composed> {
  const logger = options.logger ?? createLogger({ level: settings.logLevel });
  const metrics = createMetrics({ processMetrics: true });
  const gateway = gatewayRegistry([
    createWaapifyAdapter({ timeoutMs: settings.waapifyTimeoutMs }),
    ...(options.gateways ?? []),
  ]);
  const store = await openStore(settings, metrics, gateway, options.fileHoldMs);
  const temporal = createTemporalClient(settings.temporal);
  const starter = createStarter({ temporal, store, logger, metrics });
  const ghl = createGhlClient({
    apiUrl: settings.ghlApiUrl,
    clientId: settings.ghlClientId,
    clientSecret: settings.ghlClientSecret,
    budget: createGhlBudget(store.ghlBudget),
    metrics: { ghlRequest: (operation, status) => metrics.ghlRequests.inc({ operation, status }) },
  });
  const media = createMedia({ settings, store: store.media });
  const close = async (): Promise<void> => {
    await ghl.close();
    await temporal.close();
    await store.close();
  };
  return { app: { settings, store, ghl, gateway, media, starter, logger, metrics }, temporal, close };
}

function gatewayRegistry(adapters: GatewayAdapter[]): (name: string) => GatewayAdapter {
  const byName = new Map(adapters.map((adapter) => [adapter.name, adapter]));
  return (name) => {
    const adapter = byName.get(name);
    if (adapter === undefined) throw new DomainError('unknown_gateway', 'later', 'This build has no such gateway.');
    return adapter;
  };
}

async function openStore(
  settings: Settings,
  metrics: Metrics,
  gateway: (name: string) => GatewayAdapter,
  fileHoldMs: number | undefined,
): Promise<Store> {
  const db = openDb(settings.databaseUrl, { onRerun: () => metrics.transactionReruns.inc({}) });
  const cipher = createCipher(createKeyRing(settings.encryptionKeys));
  try {
    return await createStore(db, cipher, {
      capabilities: (name) => gateway(name).capabilities,
      mediaFallback: settings.mediaFallback,
      rules: laneDefaults(settings),
      timings: {
        gatewayTimeoutMs: settings.waapifyTimeoutMs,
        unknownWaitMs: settings.unknownWaitMs,
        receiptAlarmMs: settings.receiptAlarmMs,
        receiptWaitMs: settings.receiptWaitMs,
        retryDeadlineMs: settings.retryDeadlineMs,
        statusFirstDelayMs: settings.statusFirstDelayMs,
        probeIntervalMs: settings.probeIntervalMs,
        alertAfterMs: settings.alertAfterMs,
        holdTrial: settings.holdTrialMs,
        fileHoldMs,
      },
    });
  } catch (error) {
    await db.close();
    throw error;
  }
}
