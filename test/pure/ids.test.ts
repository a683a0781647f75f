import fc from 'fast-check';
import {
  connectionWorkflowId,
  groupLaneId,
  inboundLaneId,
  inboundWorkflowId,
  installationWorkflowId,
  outboundLaneId,
  outboundWorkflowId,
  parkingLaneId,
  parseWorkflowId,
  tokenRefreshWorkflowId,
} from '../../src/domain/ids';

/** What the routes let through: printable ASCII, at most 190 characters, at most 240 once encoded. */
const key = fc
  .string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength: 190,
  })
  .filter((text) => encodeURIComponent(text).length <= 240);
const attempt = fc.integer({ min: 1, max: 99 });
const version = fc.integer({ min: 1, max: 1_000_000 });

/** Every id there is, with what it names. */
const named = fc.oneof(
  fc.record({ type: fc.constant('outboundMessage' as const), locationId: key, messageKey: key, attempt }),
  fc.record({ type: fc.constant('inboundMessage' as const), connectionId: key, gatewayMessageId: key }),
  fc.record({ type: fc.constant('connection' as const), connectionId: key }),
  fc.record({ type: fc.constant('tokenRefresh' as const), resourceId: key, tokenVersion: version }),
  fc.record({
    type: fc.constant('installation' as const),
    kind: fc.constantFrom('location' as const, 'company' as const),
    resourceId: key,
  }),
);
type Named = typeof named extends fc.Arbitrary<infer N> ? N : never;

function idOf(of: Named): string {
  switch (of.type) {
    case 'outboundMessage':
      return outboundWorkflowId(of.locationId, of.messageKey, of.attempt);
    case 'inboundMessage':
      return inboundWorkflowId(of.connectionId, of.gatewayMessageId);
    case 'connection':
      return connectionWorkflowId(of.connectionId);
    case 'installation':
      return installationWorkflowId(of.kind, of.resourceId);
    case 'tokenRefresh':
      return tokenRefreshWorkflowId(of.resourceId, of.tokenVersion);
  }
}

describe('workflow ids', () => {
  it('read as the contract says', () => {
    expect(outboundWorkflowId('loc', 'msg')).toBe('outbound:loc:msg');
    expect(outboundWorkflowId('loc', 'msg', 2)).toBe('outbound:loc:msg:r2');
    expect(inboundWorkflowId('conn', 'WAMID')).toBe('inbound:conn:WAMID');
    expect(connectionWorkflowId('conn')).toBe('connection:conn');
    expect(tokenRefreshWorkflowId('loc', 3)).toBe('token-refresh:loc:v3');
    expect(installationWorkflowId('location', 'loc')).toBe('installation:location:loc');
    expect(installationWorkflowId('company', 'c')).toBe('installation:company:c');
  });

  it('tell what they name', () => {
    fc.assert(fc.property(named, (of) => expect(parseWorkflowId(idOf(of))).toEqual(of)));
  });

  it('never name two things, whatever colons and percent signs the keys hold', () => {
    const tricky = fc.string({
      unit: fc.constantFrom(':', '%', 'r', '2', 'v', '1', 'a', '/'),
      minLength: 1,
      maxLength: 6,
    });
    const pair = fc.tuple(tricky, tricky, attempt);
    fc.assert(
      fc.property(pair, pair, ([a, b, n], [c, d, m]) => {
        const same = a === c && b === d && n === m;
        expect(outboundWorkflowId(a, b, n) === outboundWorkflowId(c, d, m)).toBe(same);
      }),
      { numRuns: 2_000 },
    );
  });

  it('stay far under the 1,000 characters of Temporal and fit their column', () => {
    fc.assert(fc.property(named, (of) => expect(idOf(of).length).toBeLessThanOrEqual(512)));
  });

  it.each([
    '',
    'outbound',
    'outbound:a',
    'outbound:a:b:c',
    'outbound:a:b:r1x',
    'outbound:a:b:r2:x',
    'inbound:%:x',
    'token-refresh:a:1',
    'token-refresh:a:vx',
    'connection:',
    'somebody:else',
  ])("of others are nobody's: %s", (id) => {
    expect(parseWorkflowId(id)).toBeNull();
  });
});

describe('lane ids', () => {
  it("are each lane's own", () => {
    const ids = [
      outboundLaneId('a'),
      inboundLaneId('a', 'k'),
      inboundLaneId('a', 'l'),
      groupLaneId('a', 'k'),
      groupLaneId('b', 'k'),
      parkingLaneId('a'),
      outboundLaneId('b'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
