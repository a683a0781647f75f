import fc from 'fast-check';
import { DomainError } from '../../src/domain/errors';
import { createLogger } from '../../src/observability/logger';

const SECRET = 'pLaNtEd-s3cr3t';
const PHONE = '+60123456789';

/** Returns the lines that `write` logs, as text. */
function logged(write: (log: ReturnType<typeof createLogger>) => void, level = 'debug'): string {
  let lines = '';
  write(createLogger({ level, destination: { write: (line: string) => void (lines += line) } }));
  return lines;
}

const parsed = (lines: string) => JSON.parse(lines) as Record<string, never>;

/** Names under which this code base, GHL and the gateway carry secrets, and what people write and are. */
const NAMES = [
  ...['access_token', 'refresh_token', 'accessToken', 'refreshToken', 'token', 'attemptToken', 'authorization'],
  ...['Authorization', 'client_secret', 'clientSecret', 'secret', 'deliverySecrets', 'password', 'apiKey', 'api_key'],
  ...['x-bridge-key', 'cookie', 'set-cookie', 'encryptionKeys', 'x-ghl-signature'],
  ...['phone', 'number', 'whatsapp_number', 'email', 'emailTo', 'remoteJid', 'pushName', 'address', 'value'],
  ...['text', 'message', 'body', 'rawBody', 'html', 'subject', 'caption', 'attachments', 'content', 'query', 'qr'],
];

test.each(NAMES)('a field named %s is never written, at any depth', (name) => {
  const found = logged((log) => {
    log.info({ [name]: SECRET }, 'flat');
    log.info({ a: { b: [{ [name]: { c: SECRET } }] } }, 'deep');
    log.info({ [name]: [SECRET] }, 'list');
    log.child({ [name]: SECRET, inner: { [name]: SECRET } }).info('child');
    log
      .child({ a: 1 })
      .child({ [name]: SECRET })
      .info('grandchild');
    const changed = log.child({});
    changed.setBindings({ [name]: SECRET });
    changed.info('changed');
    log.info('%s %o', 'formatted', { [name]: SECRET });
  });
  expect(found.split('\n')).toHaveLength(8);
  expect(found).not.toContain(SECRET);
});

test('what is needed to follow a message stays', () => {
  const fields = {
    locationId: 've9EPM428h8vShlRW1KT',
    messageKey: 'Xy12AbCdEf',
    connectionId: 'conn_0123456789abcdef0123456789abcdef',
    workflowId: 'outbound:ve9EPM428h8vShlRW1KT:Xy12AbCdEf',
    trace: '1b4e28ba-2fa1-11d2-883f-001622334455',
    tokenVersion: 3,
    status: 429,
    from: 'connected',
    at: '2026-11-21T12:51:00.123Z',
  };
  expect(parsed(logged((log) => log.warn(fields, 'number is lost')))).toEqual(
    expect.objectContaining({ ...fields, level: 'warn', msg: 'number is lost', pid: process.pid }),
  );
});

describe('errors', () => {
  const foreign = () => {
    const error = new TypeError(`getaddrinfo failed for https://gw.example/send?access_token=${SECRET} ${SECRET}`);
    return Object.assign(error, { code: 'ECONNREFUSED', sql: SECRET, config: { url: SECRET } });
  };

  test('a DomainError gives code, retry and message', () => {
    const error = new DomainError('gateway_down', 'later', 'The gateway can not be reached.', { cause: foreign() });
    const line = logged((log) => log.error({ err: error }, 'failed'));
    expect(parsed(line)).toEqual(
      expect.objectContaining({
        msg: 'failed',
        err: {
          code: 'gateway_down',
          retry: 'later',
          message: 'The gateway can not be reached.',
          cause: expect.objectContaining({ name: 'TypeError', code: 'ECONNREFUSED' }),
        },
      }),
    );
    expect(line).not.toContain(SECRET);
  });

  test.each<[string, (log: ReturnType<typeof createLogger>, error: Error) => void]>([
    ['under err', (log, error) => log.error({ err: error }, 'failed')],
    ['under err, without words', (log, error) => log.error({ err: error })],
    ['under another name', (log, error) => log.error({ reason: error, list: [error] }, 'failed')],
    ['under a private name', (log, error) => log.error({ message: error }, 'failed')],
    ['by itself', (log, error) => log.error(error)],
    ['by itself, with words', (log, error) => log.error(error, 'failed')],
    ['as an argument', (log, error) => log.error('failed %o', error)],
    ['as a cause', (log, error) => log.error(new Error('outer', { cause: error }))],
    ['in a child', (log, error) => log.child({ err: error }).error('failed')],
  ])('a foreign error %s keeps name, code and frames, and loses its message', (_, write) => {
    const line = logged((log) => write(log, foreign()));
    expect(line).toContain('ECONNREFUSED');
    expect(line).toContain('loggingRedaction.test.ts');
    expect(line).not.toContain(SECRET);
    expect(line).not.toContain('getaddrinfo');
  });

  test('an error logged by itself is the field err, and its message is not the message of the line', () => {
    const line = parsed(logged((log) => log.error(foreign())));
    expect(line.err).toEqual(expect.objectContaining({ name: 'TypeError', code: 'ECONNREFUSED' }));
    expect(line).not.toHaveProperty('msg');
  });

  test('a message that was changed later (as knex does) leaves the old one in the stack, and that goes too', () => {
    const error = new Error(`${SECRET}\nand ${SECRET}`);
    expect(error.stack).toContain(SECRET);
    error.message = 'insert into messages';
    const line = logged((log) => log.error(error));
    expect(line).toContain('loggingRedaction.test.ts');
    expect(line).not.toContain(SECRET);
  });

  test('a line of a message that looks like a frame goes too', () => {
    const error = new Error(`first\n    at ${SECRET} (file.ts:1:2)\n    at last`);
    const line = logged((log) => log.error(error));
    expect(line).toContain('loggingRedaction.test.ts');
    expect(line).not.toContain(SECRET);
  });

  test('a name or code that is a sentence is dropped', () => {
    const error = Object.assign(new Error('x'), { name: `Bad ${SECRET}`, code: `${SECRET} ${PHONE}` });
    expect(logged((log) => log.error(error))).not.toContain(SECRET);
  });

  test('a circle of causes ends', () => {
    const error = new Error('a');
    error.cause = error;
    expect(logged((log) => log.error(error))).toContain('"name":"Error"');
  });
});

test.each([
  ['a gateway call', `GET https://gw.example/send.php?access_token=${SECRET}&number=60123456789 timed out`],
  ['a database', `can not connect to mysql://root:${SECRET}@db:3306/bridge`],
  ['our own route', `404 on /ghl/delivery/${SECRET}`],
  ['a callback', `GET /oauth/callback?code=${SECRET} 200`],
  ['a header', `authorization: Bearer ${SECRET}`],
  ['a pair', `refresh_token=${SECRET}`],
  ['JSON', `{"access_token":"${SECRET}"}`],
])('%s in plain words is cleaned', (_, text) => {
  const found = logged((log) => {
    log.info(text);
    log.info({ note: text }, 'x');
    log.info('%s', text);
    log.child({ note: text }).info('y');
  });
  expect(found.split('\n')).toHaveLength(5);
  expect(found).not.toContain(SECRET);
  expect(found).not.toContain('60123456789');
});

test('phone numbers and e-mail addresses in words are cleaned, however they are written', () => {
  const forms = [
    PHONE,
    '60123456789',
    '+60 12-345 6789',
    '60123456789@s.whatsapp.net',
    '1234567:5@lid',
    'ann@mail.example.com',
  ];
  for (const form of forms) {
    const line = logged((log) => log.info({ note: `to ${form}, then` }, `about ${form}.`));
    expect(line).not.toContain(form);
    expect(line).not.toMatch(/345|1234567|ann@/);
  }
});

test('bytes, class instances and circles are named, not written', () => {
  class Request {
    inner = SECRET;
  }
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const line = logged((log) => log.info({ raw: Buffer.from(SECRET), request: new Request(), circle }, 'x'));
  expect(parsed(line)).toEqual(
    expect.objectContaining({ raw: '[14 bytes]', request: '[Request]', circle: { self: '[circular]' } }),
  );
});

test('a level that is off writes nothing', () => {
  expect(logged((log) => log.debug('x'), 'info')).toBe('');
  expect(logged((log) => log.fatal('x'), 'silent')).toBe('');
});

test('no object breaks the logger, and every line is JSON', () => {
  fc.assert(
    fc.property(fc.anything({ withDate: true, withMap: true, withNullPrototype: true }), fc.string(), (value, text) => {
      const line = logged((log) => log.info({ value, other: value }, text));
      expect(() => parsed(line)).not.toThrow();
    }),
    { numRuns: 200 },
  );
});
