import { randomBytes } from 'node:crypto';
import { answerControl, isControl } from '../kit/control';
import { startHttpServer } from '../kit/http';
import { createControls } from './controls';
import { CONTROL_ROUTES } from './controlRoutes';
import { answerApi } from './pipeline';
import { defaultSettings, type GhlSettingsPatch } from './settings';
import type { SandboxGhl } from './standIn';
import { signingKey } from './agent/signing';
import { emptyRecords, type GhlState } from './records/state';
import { TokenStore } from './records/tokens';
import type { GhlLocation, GhlProvider } from './records/types';

export interface SandboxGhlOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  /** Its part before the first `-` is the app's id. */
  clientId?: string;
  clientSecret?: string;
  redirectUris?: readonly string[];
  /** Where app events go; with it an approved installation posts INSTALL. */
  webhookUrl?: string;
  /** One location `sbx-location-1` in Malaysia when absent. */
  locations?: readonly (Partial<GhlLocation> & { id: string })[];
  /** One provider `sbx-provider-sms` when absent. */
  providers?: readonly (Partial<GhlProvider> & { id: string })[];
  settings?: GhlSettingsPatch;
  /** Ed25519, PKCS#8 PEM; a new one when absent. */
  privateKeyPem?: string;
  now?: () => number;
}

function initialState(options: SandboxGhlOptions): GhlState {
  return {
    ...emptyRecords(),
    now: options.now ?? Date.now,
    settings: defaultSettings(),
    clientId: options.clientId ?? 'sbxapp-bridge',
    clientSecret: options.clientSecret ?? `sbx-secret-${randomBytes(12).toString('hex')}`,
    redirectUris: options.redirectUris ?? [],
    webhookUrl: options.webhookUrl,
    key: signingKey(options.privateKeyPem),
    tokens: new TokenStore(),
  };
}

/** Starts a stand-in for GHL on 127.0.0.1. */
export async function startSandboxGhl(options: SandboxGhlOptions = {}): Promise<SandboxGhl> {
  const state = initialState(options);
  const controls = createControls(state);
  controls.configure(options.settings ?? {});
  for (const location of options.locations ?? [{ id: 'sbx-location-1' }]) controls.addLocation(location);
  for (const provider of options.providers ?? [{ id: 'sbx-provider-sms' }]) controls.addProvider(provider);

  const server = await startHttpServer(
    (request) =>
      isControl(request.path) ? answerControl(CONTROL_ROUTES, sandbox, request) : answerApi(state, request),
    options.port,
  );
  const sandbox: SandboxGhl = {
    ...server,
    ...controls,
    publicKeyPem: state.key.publicKeyPem,
    clientId: state.clientId,
    clientSecret: state.clientSecret,
    stop: async () => {
      state.timers.stop();
      await server.stop();
      await state.poster.stop();
    },
  };
  return sandbox;
}
