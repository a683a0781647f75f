import { answerControl, isControl } from '../kit/control';
import { startHttpServer } from '../kit/http';
import { createControls } from './controls';
import { CONTROL_ROUTES } from './controlRoutes';
import { answerApi } from './pipeline';
import { answerHostedFile, hostFile, isHostedFile } from './mediaHost';
import type { NewInstance } from './records/instances';
import { newState } from './records/state';
import type { WaapifySettingsPatch } from './settings';
import type { SandboxWaapify } from './standIn';

/** The access token of the stand-in's first team: of the real shape, and easy to find where it should not be. */
const SANDBOX_WAAPIFY_TOKEN = '5b0c5b0c5b0c5b0c5b0c5b0c5b0c5b0c';

export interface SandboxWaapifyOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  /** SANDBOX_WAAPIFY_TOKEN when absent. */
  token?: string;
  /** One connected instance, 609ACF2830001, when absent; `token` is the stand-in's own unless said. */
  instances?: readonly (Partial<NewInstance> & { id?: string })[];
  settings?: WaapifySettingsPatch;
  now?: () => number;
}

const DEFAULT_INSTANCE = { id: '609ACF2830001', number: '60110000001' };

/** Starts a stand-in for a Waapify gateway on 127.0.0.1. */
export async function startSandboxWaapify(options: SandboxWaapifyOptions = {}): Promise<SandboxWaapify> {
  const state = newState(options.now ?? Date.now);
  const token = options.token ?? SANDBOX_WAAPIFY_TOKEN;
  const controls = createControls(state);
  controls.configure(options.settings ?? {});
  controls.addTeam(token);
  for (const instance of options.instances ?? [DEFAULT_INSTANCE]) controls.addInstance({ token, ...instance });

  const server = await startHttpServer(
    (request) =>
      isControl(request.path)
        ? answerControl(CONTROL_ROUTES, sandbox, request)
        : isHostedFile(request)
          ? answerHostedFile(state, request)
          : answerApi(state, request),
    options.port,
  );
  const sandbox: SandboxWaapify = {
    ...server,
    ...controls,
    baseUrl: `${server.url}/api`,
    hostFile: (file) => hostFile(state, server.url, file),
    token,
    stop: async () => {
      state.timers.stop();
      await server.stop();
      await state.poster.stop();
    },
  };
  return sandbox;
}
