import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Address } from '../../src/domain/address';
import type { PartContent } from '../../src/domain/content';
import type { GatewayEndpoint, SendOutcome } from '../../src/channels/gateway';
import { createWaapifyAdapter } from '../../src/channels/whatsapp/adapter';
import { gatedConnector } from '../../src/channels/whatsapp/dial';
import { WriteGate } from '../../src/channels/whatsapp/writeGate';
import { startWaapifyHost, type WaapifyHost } from '../support/waapifyHost';

const TO: Address = { channel: 'whatsapp', value: '+60123456789' };
const TEXT: PartContent = { kind: 'text', text: 'Hello & good day + more' };
const SUCCESS = '{"status":"success","message":"Success","data":{"key":{"id":"3EB0AA"},"status":"PENDING"}}';
const adapter = createWaapifyAdapter({ userAgent: 'Mozilla/5.0 (bridge)', timeoutMs: 5000 });

let host: WaapifyHost;
beforeEach(async () => (host = await startWaapifyHost()));
afterEach(() => host.close());

interface SendOptions {
  baseUrl?: string;
  to?: Address;
  part?: PartContent;
  timeoutMs?: number;
  mayWrite?: () => boolean;
  dialect?: GatewayEndpoint['dialect'];
}

function send(options: SendOptions = {}): Promise<SendOutcome> {
  const endpoint = {
    connectionId: 'c1',
    baseUrl: options.baseUrl ?? host.baseUrl,
    instanceId: '609ACF283ABCD',
    token: 'secret-token',
    dialect: options.dialect,
  };
  return adapter.send(endpoint, options.to ?? TO, options.part ?? TEXT, {
    timeoutMs: options.timeoutMs ?? 10_000,
    attemptToken: 'a1',
    mayWrite: options.mayWrite ?? (() => true),
  });
}

describe('what is written', () => {
  beforeEach(() => host.answer((response) => response.end(SUCCESS)));

  test('is a text with everything in the query and nothing in the body', async () => {
    expect(await send()).toEqual({ kind: 'accepted', gatewayId: '3EB0AA' });
    expect(host.requests).toMatchObject([
      {
        method: 'POST',
        path: '/api/send.php',
        body: '',
        headers: { 'user-agent': 'Mozilla/5.0 (bridge)', 'content-length': '0' },
        params: {
          number: '60123456789',
          type: 'text',
          message: 'Hello & good day + more',
          instance_id: '609ACF283ABCD',
          access_token: 'secret-token',
        },
      },
    ]);
  });

  test('is a file by its address, with caption and name where they are', async () => {
    const attachment = { url: 'https://bridge.example/media/t/bill.pdf?x=1', name: 'bill.pdf' };
    await send({ part: { kind: 'media', attachment, caption: 'the bill' } });
    await send({ part: { kind: 'media', attachment: { url: 'https://bridge.example/a.png' } } });
    expect(host.requests[0]?.params).toMatchObject({
      type: 'media',
      media_url: attachment.url,
      filename: 'bill.pdf',
      message: 'the bill',
    });
    expect(Object.keys(host.requests[1]?.params ?? {}).sort()).toEqual(
      ['access_token', 'instance_id', 'media_url', 'number', 'type'].sort(),
    );
  });

  test('goes to the path of the dialect, whatever the end of the base address', async () => {
    await send({ dialect: 'slash-v2' });
    await send({ dialect: 'php-v1', baseUrl: `${host.baseUrl}//?old=1#x` });
    expect(host.requests.map((request) => request.path)).toEqual(['/api/send', '/api/send.php']);
    expect(host.requests[1]?.params).not.toHaveProperty('old');
  });

  test('goes over a connection of its own each time', async () => {
    await send();
    await send();
    expect(host.connections()).toBe(2);
    expect(host.requests[0]?.headers.connection).toBe('close');
  });
});

describe('answers', () => {
  test.each<[string, string]>([
    ['of the first generation', SUCCESS],
    [
      'of the second, whose message key stands twice',
      '{"status":"success","message":"x","message":{"key":{"id":"3EB0AA"}}}',
    ],
    ['behind a notice of PHP', `<br />\n<b>Notice</b>: Undefined index in <b>/a.php</b><br />\n${SUCCESS}`],
  ])('%s are accepted', async (_what, body) => {
    host.answer((response) => response.setHeader('content-type', 'text/html').end(body));
    expect(await send()).toEqual({ kind: 'accepted', gatewayId: '3EB0AA' });
  });

  test.each<[string, number, string, string]>([
    ['the literal null', 200, 'null', 'null'],
    ['nothing', 200, '', 'empty'],
    ['an HTML page', 200, '<html><body>Just a moment...</body></html>', 'html'],
    ['an HTML page with JSON in it', 200, `<html><script>${SUCCESS}</script></html>`, 'html'],
    ['half an object', 200, SUCCESS.slice(0, 40), 'unparsable'],
    ['success without an id', 200, '{"status":"success","message":"Success"}', 'no_id'],
    ['an object that says nothing', 200, '{}', 'no_id'],
    ['a server error', 500, 'Internal Server Error', 'http_500'],
    ['a server error in JSON', 500, '{"status":"error","message":"Oops"}', 'http_500'],
    [
      'a server error with a text that is tried again',
      500,
      '{"status":"error","message":"Failed to send the message"}',
      'http_500',
    ],
    ['a server error with a text that holds', 502, '{"status":"error","message":"Error","relogin":true}', 'http_502'],
    ['a server error with an id', 502, SUCCESS, 'http_502'],
    ['a page of the firewall', 403, '<html>Access denied</html>', 'http_403'],
    ['a page not found', 404, '<html>Not found</html>', 'http_404'],
  ])('%s is ambiguous', async (_what, status, body, cause) => {
    host.answer((response) => response.writeHead(status).end(body));
    expect(await send()).toEqual({ kind: 'ambiguous', cause });
    expect(host.requests).toHaveLength(1);
  });

  test('a redirect is ambiguous and not followed, whatever its body says', async () => {
    const other = await startWaapifyHost();
    host.answer((response) => response.writeHead(307, { location: `${other.baseUrl}/send.php` }).end(SUCCESS));
    expect(await send()).toEqual({ kind: 'ambiguous', cause: 'redirect' });
    expect(other.connections()).toBe(0);
    await other.close();
  });

  test('an endless body is cut off and ambiguous', async () => {
    host.answer((response) => {
      const pour = (): boolean => response.write(Buffer.alloc(256 * 1024, 'x'));
      response.on('drain', pour);
      pour();
    });
    expect(await send()).toEqual({ kind: 'ambiguous', cause: 'too_large' });
  });

  test.each([414, 431])('HTTP %i is a text that is too long: refused before anything ran', async (status) => {
    host.answer((response) => response.writeHead(status).end('<html></html>'));
    expect(await send()).toMatchObject({ kind: 'rejected', retry: 'never', code: 'text_too_long' });
  });

  test('an error of the ladder holds or rejects', async () => {
    host.answer((response) => response.end('{"status":"error","message":"Relogin required","relogin":true}'));
    expect(await send()).toMatchObject({ kind: 'held', state: 'relogin', code: 'logged_out' });
    host.answer((response) => response.writeHead(400).end('{"status":"error","message":"Phone number is required"}'));
    expect(await send()).toMatchObject({ kind: 'rejected', retry: 'never', code: 'number_missing' });
  });

  test('an unknown error that repeats what is private is cleaned', async () => {
    host.answer((response, { params }) =>
      response.end(JSON.stringify({ status: 'error', message: `Bad: ${Object.values(params).join(' / ')}` })),
    );
    const outcome = await send();
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'gateway_error' });
    expect(JSON.stringify(outcome)).not.toMatch(/60123456789|secret-token|609ACF283ABCD|good day/);
  });
});

describe('a connection that breaks', () => {
  test('after the write is ambiguous, and the request is not repeated', async () => {
    host.answer((response) => response.socket?.resetAndDestroy());
    expect(await send()).toMatchObject({ kind: 'ambiguous', cause: expect.stringMatching(/^(reset|closed)$/) });
    expect(host.requests).toHaveLength(1);
    expect(host.connections()).toBe(1);
  });

  test('before the whole answer is ambiguous', async () => {
    host.answer((response) => {
      response.writeHead(200, { 'content-length': '500' });
      response.write(SUCCESS, () => response.socket?.destroy());
    });
    expect(await send()).toMatchObject({ kind: 'ambiguous', cause: expect.stringMatching(/^(reset|closed)$/) });
  });

  test('that stays silent is ambiguous after the timeout', async () => {
    host.answer(() => undefined);
    expect(await send({ timeoutMs: 1000 })).toEqual({ kind: 'ambiguous', cause: 'timeout' });
    expect(host.requests).toHaveLength(1);
  });

  test('that drips is ambiguous after the timeout of the whole call', async () => {
    host.answer((response) => {
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    expect(await send({ timeoutMs: 1000 })).toEqual({ kind: 'ambiguous', cause: 'timeout' });
  });
});

describe('proof that nothing was written', () => {
  let raw: { server: Server; sockets: Socket[]; received: () => number } | undefined;
  afterEach(async () => {
    raw?.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => (raw === undefined ? resolve(null) : raw.server.close(resolve)));
    raw = undefined;
  });

  /** A listener without HTTP: counts what it gets and treats the connection as told. */
  async function listen(onConnection: (socket: Socket) => void): Promise<number> {
    const sockets: Socket[] = [];
    let received = 0;
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => (received += chunk.length));
      onConnection(socket);
    });
    raw = { server, sockets, received: () => received };
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  test('a refused connection', async () => {
    const { baseUrl } = host;
    await host.close();
    expect(await send({ baseUrl })).toEqual({ kind: 'not_sent', cause: 'refused' });
  });

  test('a name that does not exist', async () => {
    const baseUrl = `http://${'a'.repeat(64)}.invalid/api`;
    expect(await send({ baseUrl })).toEqual({ kind: 'not_sent', cause: 'dns' });
  });

  test('a peer that speaks no TLS', async () => {
    const baseUrl = host.baseUrl.replace('http:', 'https:');
    expect(await send({ baseUrl })).toEqual({ kind: 'not_sent', cause: 'tls' });
    expect(host.requests).toEqual([]);
  });

  test('a peer that hangs up in the handshake', async () => {
    const port = await listen((socket) => socket.once('data', () => socket.destroy()));
    expect(await send({ baseUrl: `https://127.0.0.1:${port}/api` })).toEqual({ kind: 'not_sent', cause: 'tls' });
  });

  test('a handshake that never ends', async () => {
    const port = await listen(() => undefined);
    const baseUrl = `https://127.0.0.1:${port}/api`;
    expect(await send({ baseUrl, timeoutMs: 200 })).toEqual({ kind: 'not_sent', cause: 'connect_timeout' });
  }, 5000);

  test('a claim that went stale: the connection stood, not one byte was sent', async () => {
    let ended: () => void = () => undefined;
    const over = new Promise<void>((resolve) => (ended = resolve));
    const port = await listen((socket) => socket.on('close', () => ended()));
    const outcome = await send({ baseUrl: `http://127.0.0.1:${port}/api`, mayWrite: () => false });
    expect(outcome).toEqual({ kind: 'not_sent', cause: 'stale_claim' });
    await over;
    expect(raw?.received()).toBe(0);
  });

  test('the claim is asked once, when the connection stands and before the request', async () => {
    host.answer((response) => response.end(SUCCESS));
    const asked: number[] = [];
    await send({ mayWrite: () => asked.push(host.requests.length) > 0 });
    expect(asked).toEqual([0]);
  });

  test('a connection is handed over once: whoever asks for another one gets none', async () => {
    const gate = new WriteGate(() => true);
    const connect = gatedConnector(gate, 1000);
    const { hostname, port } = new URL(host.baseUrl);
    const dial = () =>
      new Promise<'connected' | 'refused'>((resolve) => {
        connect({ protocol: 'http:', hostname, port }, (error, socket) => {
          socket?.destroy();
          resolve(error === null ? 'connected' : 'refused');
        });
      });
    expect([await dial(), await dial()]).toEqual(['connected', 'refused']);
    expect(host.connections()).toBe(1);
  });

  test('no connection is opened for a number that is none', async () => {
    for (const to of [
      { ...TO, value: '60123456789' },
      { ...TO, value: '+60 12' },
      { ...TO, channel: 'email' as const },
    ]) {
      expect(await send({ to })).toMatchObject({ kind: 'rejected', retry: 'never', code: 'bad_number' });
    }
    expect(host.connections()).toBe(0);
  });

  test.each(['nonsense', 'ftp://127.0.0.1/api', ''])('the base address %j is none', async (baseUrl) => {
    const outcome = await adapter.send({ connectionId: 'c1', baseUrl, instanceId: 'I', token: 'T' }, TO, TEXT, {
      timeoutMs: 500,
      attemptToken: 'a',
      mayWrite: () => true,
    });
    expect(outcome).toEqual({ kind: 'not_sent', cause: 'refused' });
  });
});
