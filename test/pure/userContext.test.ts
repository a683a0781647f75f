import { createDecipheriv, createHash } from 'node:crypto';
import fc from 'fast-check';
import { openUserContext } from '../../src/crypto/userContext';
import { contextOf, payloadOf, saltedBytes, SHARED_SECRET } from '../support/userContexts';

const open = (payload: string) => openUserContext(payload, SHARED_SECRET);
const fields = { userId: 'user-1', companyId: 'company-1', role: 'admin', locationId: 'location-1' };

test('reads what CryptoJS has encrypted', () => {
  const payload =
    'U2FsdGVkX18BAgMEBQYHCFdukKKXL56W7TS1pvgDV4+WNlzlz3+AIW7bD0uMepESxVH7BwtA75KppQNH8Y87kHLXUpR4cq9EMpf/dLcs57e5LSQ0mEVTo27VDXKMiB3RjZsmvroNrlTF8wn6p6Csn92bTuB+TIYhehvj3rGiormyWs07Gb2XtigVTxmYKdI4';
  const said = { userId: 'u1', companyId: 'c1', role: 'admin', locationId: 'L1' };
  expect(openUserContext(payload, 'test-shared-secret')).toEqual({ ...said, fingerprint: expect.any(String) });
});

test('fields that GHL may add, and JSON in another spelling, are no reason to refuse it', () => {
  const more = {
    isAgencyOwner: false,
    whitelabelDetails: { companyId: 'x', role: 'r' },
    list: [{ role: 'r' }, 'role'],
  };
  expect(open(payloadOf({ ...more, ...contextOf() }))).toMatchObject(fields);
  expect(open(payloadOf(JSON.stringify(contextOf(), null, 2)))).toMatchObject(fields);
});

test('texts of any length and script come through', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (userName) => {
      expect(open(payloadOf(contextOf({ userName })))).toMatchObject(fields);
    }),
  );
});

test('the same bytes have the same fingerprint, others another', () => {
  const bytes = saltedBytes(JSON.stringify(contextOf()));
  const one = open(bytes.toString('base64'));
  expect(open(bytes.toString('base64'))).toEqual(one);
  expect(open(payloadOf(contextOf()))?.fingerprint).not.toBe(one?.fingerprint);
});

const bytes = saltedBytes(JSON.stringify(contextOf()));
const REFUSED: Record<string, string> = {
  'nothing at all': '',
  'no base64': '%%%%',
  'base64 of another alphabet': `_${bytes.toString('base64').slice(1)}`,
  'base64 with spaces': ` ${bytes.toString('base64')}`,
  'base64 without its end': bytes.toString('base64').replace(/=*$/, '').slice(0, -1),
  'the prefix alone': Buffer.from('Salted__').toString('base64'),
  'a salt and no text': bytes.subarray(0, 16).toString('base64'),
  'another prefix': Buffer.concat([Buffer.from('salted__'), bytes.subarray(8)]).toString('base64'),
  "another app's secret": payloadOf(contextOf(), 'another-secret'),
  'no JSON': payloadOf('this is a text of some length, and no JSON'),
  'JSON that is no object': payloadOf('["user-1","company-1","admin"]'),
  null: payloadOf('null'),
  'no location': payloadOf({ ...contextOf(), activeLocation: undefined }),
  'an empty location': payloadOf(contextOf({ activeLocation: '' })),
  'a location that is no id': payloadOf(contextOf({ activeLocation: 'a location' })),
  'a list of locations': payloadOf({ ...contextOf(), activeLocation: ['location-1'] }),
  'no company': payloadOf({ ...contextOf(), companyId: undefined }),
  'no user': payloadOf({ ...contextOf(), userId: null }),
  'another role': payloadOf(contextOf({ role: 'owner' })),
  'a role of another spelling': payloadOf(contextOf({ role: 'Admin' })),
  'a number as an id': payloadOf({ ...contextOf(), companyId: 7 }),
  'a field twice': payloadOf(JSON.stringify(contextOf({ role: 'user' })).replace(/}$/, ',"role":"admin"}')),
  'a field twice, once escaped': payloadOf(JSON.stringify(contextOf()).replace(/}$/, ',"r\\u006fle":"admin"}')),
  'no sound UTF-8': saltedBytes(Buffer.from(JSON.stringify(contextOf()).replace('Ann', 'A\xffn'), 'latin1')).toString(
    'base64',
  ),
  'too much': payloadOf(contextOf({ userName: 'x'.repeat(13_000) })),
  'far too much': 'A'.repeat(1_000_000),
};

test.each(Object.entries(REFUSED))('refuses %s', (_name, payload) => {
  expect(open(payload)).toBeNull();
});

test('what is a little below the longest is taken', () => {
  expect(open(payloadOf(contextOf({ userName: 'x'.repeat(11_000) })))).toMatchObject(fields);
});

test.each([0, 17, 32, 255])('refuses a padding of %i, the rest being sound', (last) => {
  expect(open(withPadding(Buffer.alloc(16, last)))).toBeNull();
});

test('refuses a padding of which any byte is wrong', () => {
  for (let wrong = 0; wrong < 15; wrong++) {
    const padding = Buffer.alloc(16, 16);
    padding.writeUInt8(1, wrong);
    expect(open(withPadding(padding))).toBeNull();
  }
  expect(open(withPadding(Buffer.alloc(16, 16)))).toMatchObject(fields);
});

/** JSON may end in spaces, so that a context fills whole blocks; behind it the block that is to be its padding. */
function withPadding(block: Buffer): string {
  const json = Buffer.from(JSON.stringify(contextOf()));
  const whole = Buffer.concat([json, Buffer.alloc((16 - (json.length % 16)) % 16, ' '), block]);
  return saltedBytes(whole).subarray(0, -16).toString('base64');
}

test('whatever one does to the bytes, nobody else comes out of it', () => {
  const any = fc.record({ at: fc.nat(bytes.length - 1), flip: fc.integer({ min: 1, max: 255 }) });
  fc.assert(
    fc.property(fc.array(any, { minLength: 1, maxLength: 3 }), fc.nat(bytes.length - 1), (changes, cut) => {
      const changed = Buffer.from(bytes);
      for (const { at, flip } of changes) changed.writeUInt8(changed.readUInt8(at) ^ flip, at);
      const { fingerprint: _, ...context } = open(changed.toString('base64')) ?? { ...fields, fingerprint: '' };
      expect(context).toEqual(fields);
      expect(open(bytes.subarray(0, cut).toString('base64'))).toBeNull();
    }),
    { numRuns: 500 },
  );
});

test('any bytes at all are refused and never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ maxLength: 100 }), (random, text) => {
      const salted = Buffer.concat([Buffer.from('Salted__'), random]);
      expect([open(salted.toString('base64')), open(text)]).toEqual([null, null]);
    }),
  );
});

/**
 * What a person in the location can do with a context of theirs: blocks of CBC can be chosen one after the other, each
 * at the price of a block of random bytes before it, which a name may hold as long as it decodes to anything.
 */
test('a role that was forged into the name is refused', () => {
  // The name is of such a length that its last letter ends a block.
  const jsons = Array.from({ length: 16 }, (_, n) => contextOf({ role: 'user', userName: 'x'.repeat(64 + n) }));
  const json = jsons.map((context) => JSON.stringify(context)).find((one) => one.indexOf('","email"') % 16 === 0)!;
  const forged = forge(json, json.indexOf('","email"') - 16, '", "role":"admin');
  expect(open(forged.toString('base64'))).toBeNull();
});

/** Puts a wish at a place of the JSON; tries until a reader takes it that forgives unsound bytes: one in ten times. */
function forge(json: string, at: number, wish: string): Buffer {
  for (let tries = 0; tries < 10_000; tries++) {
    const forged = saltedBytes(json);
    for (let n = at; n < at + 16; n++) {
      // Behind 16 bytes of head this is the block before the one that is wished for.
      forged.writeUInt8(forged.readUInt8(n) ^ json.charCodeAt(n) ^ wish.charCodeAt(n - at), n);
    }
    if (forgivingRole(forged) === 'admin') return forged;
  }
  throw new Error('No forgery was found.');
}

function forgivingRole(salted: Buffer): unknown {
  const md5 = (last: Buffer) => createHash('md5').update(last).update(SHARED_SECRET).update(salted.subarray(8, 16));
  const one = md5(Buffer.alloc(0)).digest();
  const two = md5(one).digest();
  const decipher = createDecipheriv('aes-256-cbc', Buffer.concat([one, two]), md5(two).digest());
  try {
    const plain = Buffer.concat([decipher.update(salted.subarray(16)), decipher.final()]);
    return (JSON.parse(plain.toString('utf8')) as { role?: unknown }).role;
  } catch {
    return null;
  }
}
