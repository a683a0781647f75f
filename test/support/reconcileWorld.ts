import type { GhlTokens } from '../../src/commands/tellPeople';
import { DomainError } from '../../src/domain/errors';
import { createGhlClient, type GhlClient } from '../../src/ghl/client';
import { createLogger } from '../../src/observability/logger';
import { createMetrics } from '../../src/observability/metrics';
import { startSandboxGhl, type SandboxGhl } from '../../src/sandbox/ghl';
import { openLine, type Line } from '../store/line';
import { accessOf } from './ghlAccess';
import { WHATSAPP, type TestStore } from './storeAt';
import { openTestStore } from './store';

export const LOCATION = 'sbx-location-1';
export const PROVIDER = 'sbx-provider-sms';

/** A ledger with one number, and the stand-in GHL behind a real client: no Temporal, no gateway. */
export interface ReconcileWorld {
  ledger: TestStore;
  line: Line;
  ghl: SandboxGhl;
  /** Messages whose run was asked for. */
  started: { messageId: string }[];
  app: ReturnType<typeof appOf>;
  tokens: GhlTokens;
  /** Every line that was logged. */
  logs(): string;
  close(): Promise<void>;
}

/** Opens one; it is closed by its caller. */
export async function openReconcileWorld(): Promise<ReconcileWorld> {
  const [ledger, ghl] = await Promise.all([openTestStore({ kind: 'sqlite' }), startSandboxGhl()]);
  const line = await openLine(ledger, { scope: { locationId: LOCATION } });
  const client = createGhlClient({ apiUrl: ghl.url, clientId: ghl.clientId, clientSecret: ghl.clientSecret });
  const started: { messageId: string }[] = [];
  const lines: string[] = [];
  const access = accessOf(ghl.issueTokens(LOCATION).accessToken);
  return {
    ...{ ledger, line, ghl, started },
    app: appOf(ledger, client, started, lines),
    tokens: {
      accessOf: () => Promise.resolve({ access, version: 1 }),
      renewRefused: () => Promise.reject(new DomainError('token_refreshing', 'later', 'The token is being renewed.')),
    },
    logs: () => lines.join(''),
    close: async () => {
      await client.close();
      await Promise.all([ledger.close(), ghl.stop()]);
    },
  };
}

function appOf(ledger: TestStore, ghl: GhlClient, started: { messageId: string }[], lines: string[]) {
  const starter = { startMessage: (accepted: { messageId: string }) => void started.push(accepted) };
  return {
    ...{ ghl, store: ledger.store, starter: starter as never, metrics: createMetrics() },
    gateway: () => ({ capabilities: WHATSAPP }) as never,
    settings: { ghlProviders: [{ id: PROVIDER }] } as never,
    logger: createLogger({ level: 'debug', destination: { write: (text: string) => void lines.push(text) } }),
  };
}
