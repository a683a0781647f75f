import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../src/sandbox/machine/runCommand';
import { downloadArchive } from '../../src/sandbox/temporal/cliDownload';

let folder: string;
let server: Server;
let answer: RequestListener;
let url: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bridge-download-'));
  server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/archive`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

async function archiveOf(content: string): Promise<Buffer> {
  await writeFile(join(folder, 'temporal'), content);
  execFileSync('tar', ['-czf', join(folder, 'made.tar.gz'), '-C', folder, 'temporal']);
  await rm(join(folder, 'temporal'));
  return readFile(join(folder, 'made.tar.gz'));
}

describe('downloadArchive', () => {
  it('unpacks what it fetched, also after a redirect', async () => {
    const archive = await archiveOf('the binary');
    answer = (request, response) => {
      if (request.url === '/archive') response.writeHead(302, { location: '/real' }).end();
      else response.end(archive);
    };
    await downloadArchive(url, folder);
    await expect(readFile(join(folder, 'temporal'), 'utf8')).resolves.toBe('the binary');
  });

  it.each<[string, RequestListener, RegExp]>([
    ['the server refuses', (_request, response) => response.writeHead(403).end('no'), /^the server answered 403$/],
    ['it is no archive', (_request, response) => response.end('<html>log in to this network</html>'), /^ended with \d/],
    ['the connection breaks', (request) => request.socket.destroy(), /./],
  ])('says why when %s', async (_case, listener, reason) => {
    answer = listener;
    await expect(downloadArchive(url, folder)).rejects.toThrow(reason);
  });
});

describe('runCommand', () => {
  const options = { env: process.env, timeoutMs: 10_000 };

  it('returns what the command printed, on either output', async () => {
    await expect(runCommand('sh', ['-c', 'echo out; echo err >&2'], options)).resolves.toBe('out\nerr\n');
  });

  it('gives the exit code and the last line of one that failed', async () => {
    const failing = runCommand('sh', ['-c', 'echo first; echo the reason; exit 3'], options);
    await expect(failing).rejects.toThrow(/^ended with 3: the reason$/);
  });

  it('says so when there is no such command', async () => {
    await expect(runCommand('no-such-command-here', [], options)).rejects.toThrow('there is no such command');
  });

  it('kills one that takes too long', async () => {
    await expect(runCommand('sleep', ['60'], { ...options, timeoutMs: 50 })).rejects.toThrow('no end after 0.05 s');
  });
});
