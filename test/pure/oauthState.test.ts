import fc from 'fast-check';
import { newOauthState, readOauthState, STATE_LIFE_MS } from '../../src/crypto/oauthState';

const KEY = Buffer.alloc(32, 1);
const NOW = 1_800_000_000_000;
const { state, cookie } = newOauthState(KEY, NOW);
type Given = { state?: string; cookie?: string | undefined; key?: Buffer; now?: number };
const read = (over: Given = {}) => readOauthState(over.key ?? KEY, over.now ?? NOW, { state, cookie, ...over });

test('a state is good in the browser that began, for ten minutes', () => {
  expect(read()).toEqual({ ok: true, id: expect.stringMatching(/^.{22}$/) as string });
  expect(read({ now: NOW + STATE_LIFE_MS - 1 }).ok).toBe(true);
});

test.each([
  ['expired', { now: NOW + STATE_LIFE_MS }],
  ['without the cookie', { cookie: undefined }],
  ['in another browser', { cookie: newOauthState(KEY, NOW).cookie }],
  ['signed with another key', { key: Buffer.alloc(32, 2) }],
  ['with another signature', { state: `${state.split('.')[0]!}.${newOauthState(KEY, NOW).state.split('.')[1]!}` }],
  ['with something behind it', { state: `${state}.x` }],
  ['without its signature', { state: state.split('.')[0]! }],
  ['empty', { state: '' }],
] as [string, Given][])('a state %s is refused', (_how, over) => {
  expect(read(over)).toEqual({ ok: false });
});

test('two installations never have the same state, name or cookie', () => {
  const other = newOauthState(KEY, NOW);
  expect(other.state).not.toBe(state);
  expect(other.cookie).not.toBe(cookie);
});

test('the state does not hold the cookie', () => {
  expect(Buffer.from(state.split('.')[0]!, 'base64url').toString()).not.toContain(cookie);
});

test('whatever is sent instead is refused, and nothing throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(read({ state: text })).toEqual({ ok: false });
      expect(read({ state: `${text}.${text}` })).toEqual({ ok: false });
    }),
  );
});

test('one changed character anywhere is refused', () => {
  fc.assert(
    fc.property(fc.nat(state.length - 1), fc.constantFrom(...'ABCxyz019-_.'), (at, sign) => {
      fc.pre(state[at] !== sign);
      expect(read({ state: state.slice(0, at) + sign + state.slice(at + 1) })).toEqual({ ok: false });
    }),
  );
});
