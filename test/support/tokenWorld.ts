import { createTokenProofs } from '../../activities/tokenProofs';
import { createTokenRefreshActivities } from '../../activities/tokenRefresh';
import type { ActivityDeps } from '../../activities/deps';
import { createGhlClient, type GhlClient } from '../../src/ghl/client';
import { createLogger } from '../../src/observability/logger';
import { createMetrics } from '../../src/observability/metrics';
import { startSandboxGhl, type SandboxGhl } from '../../src/sandbox/ghl';
import { openTestStore } from './store';
import type { TestStore } from './storeAt';

export const LOCATION = 'sbx-location-1';
export const COMPANY = 'sbx-company-1';
const REDIRECT_URI = 'http://127.0.0.1/oauth/callback';

/** A store, the stand-in GHL on a clock of its own, and the activities that renew tokens between them. */
export interface TokenWorld {
  ledger: TestStore;
  ghl: SandboxGhl;
  client: GhlClient;
  deps: ActivityDeps;
  activities: ReturnType<typeof createTokenRefreshActivities>;
  /** The renewals that were asked of the starter: resource and version. */
  started: [string, number][];
  logs: string[];
  /** Lets time pass for the store and for GHL. */
  pass(ms: number): void;
  /** Installs the location, through its company or not. */
  installLocation(companyId?: string | null): Promise<void>;
  installCompany(): Promise<void>;
  /** The calls of one operation that GHL got, and how it answered them. */
  asked(operation: string): string[];
  close(): Promise<void>;
}

export async function openTokenWorld(): Promise<TokenWorld> {
  let now = Date.now();
  const [ledger, ghl] = await Promise.all([openTestStore({ kind: 'sqlite' }), startSandboxGhl({ now: () => now })]);
  const { clientId, clientSecret } = ghl;
  const client = createGhlClient({ apiUrl: ghl.url, clientId, clientSecret });
  const started: [string, number][] = [];
  const logs: string[] = [];
  const starter = {
    refreshToken: (id: string, version: number) => Promise.resolve(void started.push([id, version])),
    wakeSoon: () => undefined,
  };
  const logger = createLogger({ level: 'trace', destination: { write: (line: string) => void logs.push(line) } });
  const app = { store: ledger.store, ghl: client, starter, logger, metrics: createMetrics() };
  const deps = { app, proofs: createTokenProofs() } as unknown as ActivityDeps;
  const { installations } = ledger.store;
  return {
    ledger,
    ghl,
    client,
    deps,
    activities: createTokenRefreshActivities(deps),
    started,
    logs,
    pass: (ms) => {
      now += ms;
      ledger.clock.advance(ms);
    },
    installLocation: async (companyId = null) => {
      const { accessToken, refreshToken, expiresInS, scope } = ghl.issueTokens(LOCATION);
      const grant = { accessToken, refreshToken, expiresInS, scope };
      await installations.install({ locationId: LOCATION }, { companyId, grant });
    },
    installCompany: async () => {
      const grant = await client.exchangeCode({
        code: await codeOfCompany(ghl),
        redirectUri: REDIRECT_URI,
        userType: 'Company',
      });
      await installations.installCompany(COMPANY, { grant });
    },
    asked: (operation) =>
      ghl.journal.entries
        .filter((one) => one.operation === operation)
        .map(({ status, summary }) => `${status} ${summary}`),
    close: async () => {
      await client.close();
      await Promise.all([ledger.close(), ghl.stop()]);
    },
  };
}

async function codeOfCompany(ghl: SandboxGhl): Promise<string> {
  const url = new URL('/v2/oauth/chooselocation', ghl.url);
  const query = { response_type: 'code', client_id: ghl.clientId, redirect_uri: REDIRECT_URI, company_id: COMPANY };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const { headers } = await fetch(url, { redirect: 'manual' });
  return new URL(headers.get('location')!).searchParams.get('code')!;
}
