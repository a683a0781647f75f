import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { startDevServer } from '../../src/sandbox/temporalDevServer';
import { useTemporal } from '../support/temporalServer';

const temporal = useTemporal({ durable: true });

async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: temporal.server.address });
  try {
    return await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

describe('the Temporal dev server', () => {
  it('keeps closed workflows for 7 days', async () => {
    const { config } = await withClient((client) =>
      client.workflowService.describeNamespace({ namespace: temporal.server.namespace }),
    );
    expect(config?.workflowExecutionRetentionTtl?.seconds?.toNumber()).toBe(7 * 24 * 3600);
  });

  it('shows its Web UI', async () => {
    const page = await fetch(temporal.server.uiUrl);
    expect(page.status).toBe(200);
  });

  it('keeps what it acknowledged through kill -9 and is back under the same addresses', async () => {
    const { address, uiUrl } = temporal.server;
    const options = { taskQueue: 'nobody', workflowId: 'survivor' };
    await withClient((client) => client.workflow.start('anything', options));
    await temporal.kill();
    await temporal.startAgain();
    expect(temporal.server).toMatchObject({ address, uiUrl });
    const { status } = await withClient((client) => client.workflow.getHandle('survivor').describe());
    expect(status.name).toBe('RUNNING');
  });

  it('says which port is in use when it was asked for that port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const started = startDevServer({ cliPath: process.env['TEMPORAL_CLI_PATH'] ?? '', port });
    await expect(started).rejects.toMatchObject({ code: 'port_in_use', message: expect.stringContaining(`${port}`) });
    other.close();
  });

  it('gives the reason when the binary does not start', async () => {
    const started = startDevServer({ cliPath: join(__dirname, 'no-such-binary') });
    await expect(started).rejects.toMatchObject({
      code: 'temporal_not_started',
      message: expect.stringContaining('ENOENT'),
    });
  });

  it('does not outlive a parent that is killed', async () => {
    const script = `
      const { startDevServer } = require('./dist/src/sandbox/temporalDevServer');
      startDevServer({ cliPath: process.env.TEMPORAL_CLI_PATH }).then(({ pid }) => console.log(pid));
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['-e', script], {
      cwd: join(__dirname, '../..'),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect(untilGone(pid)).resolves.toBe(true);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** False when it still lives after 10 s. */
async function untilGone(pid: number): Promise<boolean> {
  const deadline = Date.now() + 10_000;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
