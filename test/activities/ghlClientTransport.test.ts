import { createServer, type AddressInfo } from 'node:net';
import { createGhlHttp, type GhlHttp, type GhlHttpOptions, type GhlRequest } from '../../src/ghl/http';
import { startServer, type Reply, type TestServer } from '../contract/httpServer';

const POST = { operation: 'message.inbound', method: 'POST', path: '/x', json: { a: 1 } } as const;
const GET = { operation: 'contact.get', method: 'GET', path: '/x' } as const;

let server: TestServer | undefined;
let http: GhlHttp | undefined;

afterEach(async () => {
  await http?.close();
  await server?.close();
  [server, http] = [undefined, undefined];
});

async function serve(reply: Reply, options: Partial<GhlHttpOptions> = {}): Promise<GhlHttp> {
  server = await startServer(() => reply);
  http = createGhlHttp({ apiUrl: server.url, ...options });
  return http;
}

/** A loopback port on which nothing listens. */
async function deadPort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

describe('a request to GHL', () => {
  it('goes once, with a Version and a bearer where asked for and neither otherwise', async () => {
    const client = await serve({ status: 200, json: {} }, { userAgent: 'ua/1' });
    await client.request({ ...POST, version: '2021-04-15', accessToken: 'tok' });
    await client.request({ ...POST, json: undefined, form: { a: '+ &', b: undefined } });
    const [first, second] = server?.requests ?? [];
    expect(first?.headers).toMatchObject({ version: '2021-04-15', authorization: 'Bearer tok', 'user-agent': 'ua/1' });
    expect(first?.body.toString()).toBe('{"a":1}');
    expect(Object.keys(second?.headers ?? {})).not.toEqual(expect.arrayContaining(['version']));
    expect(second?.headers).not.toHaveProperty('authorization');
    expect(second?.body.toString()).toBe('a=%2B+%26');
  });

  it('keeps a path of the API address and writes a plus sign so that it stays one', async () => {
    server = await startServer(() => ({ status: 200 }));
    http = createGhlHttp({ apiUrl: `${server.url}/ghl/` });
    await http.request({ ...GET, query: { number: '+60', email: undefined } });
    expect(server.requests[0]?.url).toBe('/ghl/x?number=%2B60');
  });

  it('tells the metrics what became of it', async () => {
    const seen: string[][] = [];
    const metrics = { ghlRequest: (operation: string, status: string) => void seen.push([operation, status]) };
    const client = await serve({ status: 404 }, { metrics });
    await expect(client.request(GET)).rejects.toMatchObject({ code: 'ghl_contact_gone' });
    await server?.close();
    await expect(client.request(GET)).rejects.toMatchObject({ code: 'ghl_unavailable' });
    expect(seen).toEqual([
      ['contact.get', '404'],
      ['contact.get', 'none'],
    ]);
  });

  it.each(['', '<html>busy</html>', '{"half":'])('takes the body %p as none', async (text) => {
    const client = await serve((response) => response.end(text));
    await expect(client.request(GET)).resolves.toMatchObject({ status: 200, body: undefined });
  });

  it('does not follow a redirect: the token is for one host', async () => {
    const client = await serve({ status: 302, headers: { location: '/elsewhere' } });
    await expect(client.request(GET)).rejects.toMatchObject({ code: 'ghl_unavailable', retry: 'later' });
    expect(server?.requests).toHaveLength(1);
  });
});

describe('an exchange without an answer', () => {
  const failures: [string, Reply, string][] = [
    ['never answered', () => undefined, 'timeout'],
    ['answered in drops without end', dripping, 'timeout'],
    ['cut off', (response) => response.destroy(), 'UND_ERR_SOCKET'],
    ['cut off inside the answer', halfAnswer, 'UND_ERR_SOCKET'],
  ];

  it.each(failures)('%s: a post may have arrived, anything else may be repeated', async (_what, reply, code) => {
    const client = await serve(reply, { timeoutMs: 150 });
    const message = expect.stringContaining(code) as string;
    await expect(client.request(POST)).rejects.toMatchObject({ code: 'ghl_unavailable', retry: 'ambiguous', message });
    await expect(client.request(GET)).rejects.toMatchObject({ code: 'ghl_unavailable', retry: 'later', message });
    expect(server?.requests).toHaveLength(2);
  });

  it('reads no answer without end', async () => {
    const client = await serve((response) => response.end(Buffer.alloc(5 * 1024 * 1024, 'x')));
    await expect(client.request(GET)).rejects.toMatchObject({ code: 'ghl_unavailable' });
    await expect(client.request(GET)).rejects.toThrow('too_large');
  });

  it('refused: nothing left, so a post may be repeated', async () => {
    http = createGhlHttp({ apiUrl: `http://127.0.0.1:${await deadPort()}` });
    await expect(http.request(POST)).rejects.toMatchObject({
      code: 'ghl_unavailable',
      retry: 'later',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  it('no TLS on the other side: nothing left', async () => {
    server = await startServer(() => ({ status: 200 }));
    http = createGhlHttp({ apiUrl: server.url.replace('http:', 'https:') });
    await expect(http.request(POST)).rejects.toMatchObject({ code: 'ghl_unavailable', retry: 'later' });
    expect(server.requests).toEqual([]);
  });

  it('a token that no header can hold: nothing left', async () => {
    const client = await serve({ status: 200 });
    const request: GhlRequest = { ...POST, accessToken: 'a\r\nx: y' };
    await expect(client.request(request)).rejects.toMatchObject({ code: 'ghl_unavailable', retry: 'later' });
    expect(server?.requests).toEqual([]);
  });
});

function dripping(response: Parameters<Extract<Reply, (...args: never[]) => void>>[0]): void {
  response.writeHead(200);
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
}

function halfAnswer(response: Parameters<Extract<Reply, (...args: never[]) => void>>[0]): void {
  response.writeHead(200, { 'content-length': '10' });
  response.write('{"a"', () => response.destroy());
}
