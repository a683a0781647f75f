import { dialCause } from '../../src/channels/whatsapp/dial';
import { WriteGate } from '../../src/channels/whatsapp/writeGate';

const failure = (code: string) => Object.assign(new Error('x'), { code });

test.each([
  ['ECONNREFUSED', true, 'refused'],
  ['EHOSTUNREACH', true, 'refused'],
  ['ECONNRESET', false, 'refused'],
  ['ENOTFOUND', true, 'dns'],
  ['EAI_AGAIN', false, 'dns'],
  ['ETIMEDOUT', true, 'connect_timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', false, 'connect_timeout'],
  ['CERT_HAS_EXPIRED', true, 'tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', true, 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', true, 'tls'],
  ['EPROTO', true, 'tls'],
  ['ECONNRESET', true, 'tls'],
])('%s (secure: %s) is %s', (code, secure, cause) => {
  expect(dialCause(failure(code), secure)).toBe(cause);
});

test('of several addresses the first one tells', () => {
  expect(dialCause(new AggregateError([failure('ECONNREFUSED'), failure('ENETUNREACH')]), true)).toBe('refused');
});

test('what is no error at all is a refusal', () => {
  expect([dialCause('x', false), dialCause(new AggregateError([]), false)]).toEqual(['refused', 'refused']);
});

describe('the gate of a write', () => {
  test('opens once, and asks its owner at that moment', () => {
    let asked = 0;
    const gate = new WriteGate(() => (asked += 1) > 0);
    expect([gate.opened, gate.open(), gate.opened, gate.open(), asked]).toEqual([false, true, true, false, 1]);
  });

  test('stays shut where the owner refuses', () => {
    const gate = new WriteGate(() => false);
    expect([gate.open(), gate.opened, gate.cause]).toEqual([false, false, 'stale_claim']);
  });

  test('that was shut never opens and keeps its first cause; one that is open is not shut any more', () => {
    const shut = new WriteGate(() => true);
    shut.shut('dns');
    shut.shut('tls');
    expect([shut.open(), shut.cause]).toEqual([false, 'dns']);
    const open = new WriteGate(() => true);
    open.open();
    open.shut('connect_timeout');
    expect(open.opened).toBe(true);
  });
});
