import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { parse } from 'yaml';
import { runCommand } from '../../src/sandbox/machine/runCommand';
import { composeText } from '../topology/composeFile';

interface Checked {
  'x-bridge': { healthcheck: { test: string[] } };
}

/** Runs the health check that compose gives to ingress and worker, beside an admin listener that answers `status`. */
async function check(status: number | null): Promise<string> {
  const asked: string[] = [];
  const listener = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(status ?? 200).end();
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const close = (): Promise<unknown> => new Promise((resolve) => listener.close(resolve));
  if (status === null) await close();
  const [, , ...args] = (parse(composeText()) as Checked)['x-bridge'].healthcheck.test;
  const ended = runCommand(process.execPath, args, { env: { ADMIN_PORT: String(port) }, timeoutMs: 20_000 });
  const outcome = await ended.then(
    () => 'healthy',
    () => 'unhealthy',
  );
  if (status !== null) await close();
  return [outcome, ...asked].join(' ');
}

describe("compose's health check of the bridge", () => {
  it.each([
    [200, 'healthy /readyz'],
    [503, 'unhealthy /readyz'],
    [null, 'unhealthy'],
  ])('with the answer %s', async (status, expected) => {
    await expect(check(status)).resolves.toBe(expected);
  });
});
