import type { LocalAdmin } from '../../src/ops/openAdmin';
import { runOps } from '../../src/ops/runOps';
import { ADMIN_TOKEN, type HttpApp } from './httpApp';

/** What surrounds a command line in a test. */
export interface OpsTold {
  env?: NodeJS.ProcessEnv;
  /** What the person types when asked. */
  answer?: string;
  openLocal?: () => Promise<LocalAdmin>;
  /** Called at each sleep, after the clock has moved on. */
  onSleep?: () => Promise<unknown>;
}

/** What a command line printed, how it ended, and how much time went by for it. */
export interface OpsEnd {
  code: number;
  out: string;
  err: string;
  now: number;
}

/** Runs an `ops` command line against a test's bridge, on a clock that moves only when the command sleeps. */
export async function opsLine(http: HttpApp, args: string, told: OpsTold = {}): Promise<OpsEnd> {
  const end: OpsEnd = { code: 0, out: '', err: '', now: 0 };
  end.code = await runOps(args.split(' '), {
    env: told.env ?? { ADMIN_PORT: new URL(http.admin).port, ADMIN_TOKEN },
    out: (text) => (end.out += text),
    err: (text) => (end.err += text),
    ask: (question) => {
      end.err += question;
      return Promise.resolve(told.answer ?? '');
    },
    now: () => end.now,
    sleep: async (ms) => {
      end.now += ms;
      await told.onSleep?.();
    },
    openLocal: told.openLocal ?? (() => Promise.reject(new Error('not expected'))),
  });
  return end;
}
