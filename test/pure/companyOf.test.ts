import fc from 'fast-check';
import { companyAfter, type CompanyKnown, type CompanySaid, type CompanySource } from '../../src/domain/companyOf';
import { INSTALLATION_STATES } from '../../src/domain/installation';

const HEARD = { installAt: 100, uninstallAt: null, grantedAt: 200 };
const OURS: CompanyKnown = { companyId: 'ours', state: 'installed', heard: HEARD };
const after = (source: CompanySource, at: number | null, known: Partial<CompanyKnown> = {}) =>
  companyAfter({ ...OURS, ...known }, { companyId: 'theirs', source, at });

test.each<[string, string | null, string]>([
  ['tokens for it move it', after('grant', 1), 'theirs'],
  ['an INSTALL that is newer than its tokens moves it', after('install', 200), 'theirs'],
  ['an INSTALL from before its tokens comes late', after('install', 199), 'ours'],
  ['an INSTALL of no known time', after('install', null), 'ours'],
  ['the list of another company, while it has its access', after('list', 900), 'ours'],
  ['the list, while it waits for its tokens', after('list', 900, { state: 'pending' }), 'theirs'],
  ['the list, since it has lost its access', after('list', 900, { state: 'reauth_required' }), 'theirs'],
  ['the list, since it was uninstalled', after('list', 900, { state: 'uninstalled' }), 'theirs'],
  ['an UNINSTALL moves nobody', after('uninstall', 900), 'ours'],
])('%s', (_what, company, expected) => expect(company).toBe(expected));

const moment = fc.option(fc.nat(10));
const known: fc.Arbitrary<CompanyKnown> = fc.record({
  companyId: fc.option(fc.constantFrom('a', 'b')),
  state: fc.constantFrom(...INSTALLATION_STATES),
  heard: fc.record({ installAt: moment, uninstallAt: moment, grantedAt: moment }),
});
const said: fc.Arbitrary<CompanySaid> = fc.record({
  companyId: fc.option(fc.constantFrom('a', 'b')),
  source: fc.constantFrom('grant', 'install', 'list', 'uninstall'),
  at: moment,
});

test('nobody loses its company, and the first that is named has it', () => {
  fc.assert(
    fc.property(known, said, (one, word) => {
      const company = companyAfter(one, word);
      const possible = [one.companyId, word.companyId].filter((id) => id !== null);
      expect(possible.length === 0 ? [null] : possible).toContain(company);
    }),
  );
});

test('what is said again changes nothing', () => {
  fc.assert(
    fc.property(known, said, (one, word) => {
      const company = companyAfter(one, word);
      expect(companyAfter({ ...one, companyId: company }, word)).toBe(company);
    }),
  );
});

test('of two INSTALLs the newer one counts, whichever comes first', () => {
  const installs = fc.uniqueArray(fc.nat(50), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(installs, (times) => {
      const hear = (order: number[]) =>
        order.reduce<CompanyKnown>(
          (one, at) => ({
            ...one,
            companyId: companyAfter(one, { companyId: `c${at}`, source: 'install', at }),
            heard: { ...one.heard, installAt: Math.max(one.heard.installAt ?? 0, at) },
          }),
          { companyId: null, state: 'pending', heard: { installAt: null, uninstallAt: null, grantedAt: null } },
        ).companyId;
      expect(hear(times)).toBe(`c${Math.max(...times)}`);
      expect(hear([...times].reverse())).toBe(`c${Math.max(...times)}`);
    }),
  );
});
