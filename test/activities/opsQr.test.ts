import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { QrResult } from '../../src/channels/gateway';
import { DomainError } from '../../src/domain/errors';
import { qrPng } from '../../src/sandbox/waapify/qrPng';
import { connected } from '../support/gatewayPosts';
import { startHttpApp, type HttpApp } from '../support/httpApp';
import { opsLine, type OpsTold } from '../support/opsLine';

let qr: () => Promise<QrResult>;
let http: HttpApp;
let id: string;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-ops-'));
  http = await startHttpApp({ gateway: { qr: () => qr() } });
  ({ connectionId: id } = await connected(http, 'locQr'));
});
afterAll(async () => {
  await http.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => http.db.knex('connections').where({ id }).update({ state: 'relogin' }));

const ops = (line: string, told?: OpsTold) => opsLine(http, line, told);
const scanned = () => http.db.knex('connections').where({ id }).update({ state: 'connected' });

describe('qr', () => {
  test('draws the code, a new one every 20 s, until the number is connected', async () => {
    const png = qrPng('2@abc');
    let codes = 0;
    qr = () => {
      codes += 1;
      return Promise.resolve({ connected: false, png });
    };
    let looks = 0;
    const { code, out } = await ops(`qr --connection ${id}`, {
      onSleep: () => (++looks === 15 ? scanned() : Promise.resolve()),
    });
    expect(code).toBe(0);
    expect(out).toContain('█');
    expect(out).toMatch(/Linked devices[\s\S]*The number is connected\.\n$/);
    expect(codes).toBe(2);
  });

  test('says at once that there is nothing to scan', async () => {
    qr = () => Promise.resolve({ connected: true });
    expect(await ops(`qr --connection ${id}`)).toMatchObject({ code: 0, out: 'The number is connected.\n', now: 0 });
    const json = await ops(`qr --connection ${id} --json`);
    expect(JSON.parse(json.out)).toEqual({ connection: id, connected: true });
  });

  test('asks again while the gateway has no code ready', async () => {
    qr = () => {
      qr = () => Promise.resolve({ connected: true });
      return Promise.reject(new DomainError('qr_not_ready', 'later', 'Ask again in half a minute.', { status: 422 }));
    };
    const { code, out } = await ops(`qr --connection ${id}`);
    expect([code, out]).toEqual([0, 'The gateway has no code ready; asking again.\nThe number is connected.\n']);
  });

  test('gives up after 5 minutes', async () => {
    qr = () => Promise.resolve({ connected: false, png: qrPng('2@abc') });
    const { code, err, now } = await ops(`qr --connection ${id}`);
    expect([code, now]).toEqual([1, 300_000]);
    expect(err).toContain('within 5 minutes');
  });

  test('a picture that is no code goes to a file', async () => {
    qr = () => Promise.resolve({ connected: false, png: Buffer.from('picture') });
    expect((await ops(`qr --connection ${id}`)).err).toContain('--out FILE');
    const file = join(folder, 'qr.png');
    await ops(`qr --connection ${id} --out ${file}`, { onSleep: scanned });
    expect(readFileSync(file, 'utf8')).toBe('picture');
  });

  test('a connection that is not there', async () => {
    expect(await ops('qr --connection none')).toMatchObject({ code: 1, err: 'There is no such connection.\n' });
  });
});
