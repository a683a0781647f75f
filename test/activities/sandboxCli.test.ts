import { runSandbox, type RunningSandbox } from '../../src/sandbox/cli';
import { call } from '../support/sandboxCalls';

let running: RunningSandbox | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function start(...args: string[]): Promise<Record<string, string>> {
  const lines: string[] = [];
  running = await runSandbox(args, (line) => lines.push(line));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as Record<string, string>;
}

describe('sandbox', () => {
  it('runs a GHL and prints what the bridge must be given, in one line of JSON', async () => {
    const facts = await start(
      'ghl',
      '--port',
      '0',
      '--client-id',
      'app-1',
      '--client-secret',
      'shh',
      '--status-window',
      '9',
    );
    expect(facts).toMatchObject({ sandbox: 'ghl', clientId: 'app-1', clientSecret: 'shh' });
    expect(facts.publicKeyPem).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    const { json } = await call('GET', `${facts.url}/__sandbox`);
    expect(json).toMatchObject({ settings: { statusWindowMs: 9 } });
    await running?.stop();
    await expect(call('GET', `${facts.url}/__sandbox`)).rejects.toThrow();
  });

  it('runs a gateway with one connected number', async () => {
    const facts = await start('waapify', '--token', 'abc');
    expect(facts).toMatchObject({ sandbox: 'waapify', token: 'abc', baseUrl: `${facts.url}/api` });
    const query = `access_token=abc&instance_id=${facts.instanceId}`;
    expect((await call('POST', `${facts.baseUrl}/reconnect.php?${query}`)).text).toContain('"success"');
  });

  it('says when its port is taken or none', async () => {
    const facts = await start('waapify');
    const { port } = new URL(facts.url ?? '');
    await expect(runSandbox(['ghl', '--port', port], () => undefined)).rejects.toMatchObject({ code: 'sandbox_port' });
    const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    await expect(runSandbox(['ghl', '--port', '70000'], () => undefined)).rejects.toThrow(/must be a port/);
    await expect(runSandbox(['whatever'], () => undefined)).rejects.toThrow();
    said.mockRestore();
  });
});
