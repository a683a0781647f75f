import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STEPS } from '../../src/quickstart/steps';
import { eventually } from '../support/adminClient';

const MAIN = join(__dirname, '../../dist/src/quickstart/main.js');
const MINUTES = 60_000;

/** A shell that is set up for other work: every one of these would break a bridge that read it. */
const HOSTILE_SHELL = {
  DATABASE_URL: 'mysql://nobody:nothing@127.0.0.1:1/none',
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  TEMPORAL_NAMESPACE: 'elsewhere',
  TEMPORAL_API_KEY: 'nonsense',
  TEMPORAL_TLS: 'true',
  TEMPORAL_CONFIG_FILE: '/nonexistent',
  GHL_API_URL: 'http://127.0.0.1:1',
  GHL_CLIENT_ID: 'nonsense',
  GHL_CLIENT_SECRET: 'nonsense',
  GHL_PROVIDERS: 'no JSON',
  GHL_WEBHOOK_PUBLIC_KEYS: 'no key',
  WAAPIFY_BASE_URL: 'http://127.0.0.1:1',
  ENCRYPTION_KEYS: 'nonsense',
  ADMIN_TOKEN: 'nonsense',
  PUBLIC_URL: 'nonsense',
  PORT: '3000',
  ADMIN_PORT: '3000',
  BRIDGE_SANDBOX: '0',
  http_proxy: 'http://127.0.0.1:1',
  https_proxy: 'http://127.0.0.1:1',
};

interface Quickstart {
  child: ChildProcess;
  output(): string;
  exitCode: Promise<number | null>;
}

let folder: string;
const started: Quickstart[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bridge-quickstart-'));
});
afterAll(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Starts a quickstart in the folder that the tests share, as two in one checkout would. */
function start(args: string[], env: Record<string, string> = {}): Quickstart {
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: [...stdio],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exitCode = once(child, 'close').then(([code]) => code as number | null);
  const quickstart = { child, output: () => text, exitCode };
  started.push(quickstart);
  return quickstart;
}

/** Listens on a port unless somebody does so already; either way it is taken. */
async function take(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  await new Promise((resolve) => server.once('error', resolve).listen(port, '127.0.0.1', () => resolve(undefined)));
  return server;
}

function addressesIn(output: string): string[] {
  return [...new Set(output.match(/http:\/\/127\.0\.0\.1:\d+/g))];
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

test(
  'runs the whole conversation once, whatever the shell is set up for and whichever ports are taken',
  async () => {
    const others = await Promise.all([3000, 3001, 3002, 3003, 7233, 8233].map(take));
    const { output, exitCode } = start(['--once'], HOSTILE_SHELL);
    const code = await exitCode;
    for (const other of others) other.close();
    expect({ code, output: output() }).toMatchObject({ code: 0 });
    for (const [index, { title }] of STEPS.entries()) expect(output()).toContain(`${index + 1}  ${title}`);
    expect(output().match(/✓/g)).toHaveLength(STEPS.length);
    const links = output().match(/http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/\S+/g) ?? [];
    const kinds = links.map((link) => decodeURIComponent(link.split('/').at(-1) ?? '').split(':')[0]);
    expect(kinds).toEqual(['connection', 'outbound', 'outbound', 'outbound', 'inbound', 'outbound']);
    const ports = addressesIn(output()).map((url) => Number(new URL(url).port));
    expect(ports).toHaveLength(5);
    expect(ports.filter((port) => [3000, 3001, 3002, 3003, 8233].includes(port))).toEqual([]);
    for (const url of addressesIn(output())) await expect(answers(url)).resolves.toBe(false);
  },
  4 * MINUTES,
);

describe('a quickstart that stays up', () => {
  let staying: Quickstart;

  beforeAll(async () => {
    staying = start([]);
    await eventually(() => {
      if (!staying.output().includes('stays up until Ctrl-C')) throw new Error(staying.output());
    }, 3 * MINUTES);
  }, 3 * MINUTES);

  it('takes the commands that it prints', async () => {
    const commands = [...staying.output().matchAll(/curl -s '([^']+)' -d '([^']+)'/g)];
    expect(commands).toHaveLength(4);
    for (const [, url, body] of commands.slice(0, 2)) {
      expect((await fetch(url!, { method: 'POST', body: body! })).status).toBe(200);
    }
    const [, messages] = /curl -s '(\S+\/__sandbox\/messages)'/.exec(staying.output())!;
    await eventually(async () => {
      const text = await (await fetch(messages!)).text();
      for (const part of ['"Hello!"', '"Hi!"']) expect(text).toContain(part);
    });
  });

  it(
    'leaves a second one beside it alone, and is left alone by it',
    async () => {
      const second = start(['--once']);
      const code = await second.exitCode;
      expect({ code, output: second.output() }).toMatchObject({ code: 0 });
      const shared = addressesIn(second.output()).filter((url) => addressesIn(staying.output()).includes(url));
      expect(shared).toEqual([]);
      expect(second.output()).toContain('data/quickstart-2/bridge.log');
      expect(staying.child.exitCode).toBeNull();
    },
    4 * MINUTES,
  );

  it(
    'ends at Ctrl-C with everything that it has started',
    async () => {
      const addresses = addressesIn(staying.output());
      for (const url of addresses) await expect(answers(url)).resolves.toBe(true);
      staying.child.kill('SIGINT');
      await expect(staying.exitCode).resolves.toBe(0);
      for (const url of addresses) await expect(answers(url)).resolves.toBe(false);
    },
    MINUTES,
  );
});

it(
  'ends at Ctrl-C in the middle of the conversation too, and says by its exit code that it did not happen',
  async () => {
    const early = start(['--once']);
    await eventually(() => {
      if (!early.output().includes(`1  ${STEPS[0]!.title}`)) throw new Error(early.output());
    }, 2 * MINUTES);
    early.child.kill('SIGINT');
    await expect(early.exitCode).resolves.toBe(130);
    for (const url of addressesIn(early.output())) await expect(answers(url)).resolves.toBe(false);
  },
  3 * MINUTES,
);
