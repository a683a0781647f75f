import fc from 'fast-check';
import type { DomainError } from '../../src/domain/errors';
import { planExternalAuth, type ExternalAuthFields } from '../../src/commands/externalAuthPlan';

const TYPED = { accessToken: 'token', instanceId: 'INSTANCE', number: '+60110000001' };
const plan = (whom: Partial<ExternalAuthFields>) =>
  planExternalAuth({ ...TYPED, locationIds: [], approveAll: false, excludedIds: [], ...whom });
const companyOf = (named: string[], approveAll: boolean, excluded: string[] = []) => ({
  ...{ companyId: 'company', approveAll, named, excluded },
});

test.each<[string, Partial<ExternalAuthFields>, ReturnType<typeof plan>]>([
  ['one location, of no company', { locationIds: ['A'] }, { locationId: 'A' }],
  ['one location, of no company, all approved', { locationIds: ['A'], approveAll: true }, { locationId: 'A' }],
  ['one location of a company', { locationIds: ['A'], companyId: 'company' }, { locationId: 'A' }],
  [
    'one location, and all others too',
    { locationIds: ['A'], companyId: 'company', approveAll: true },
    { locationId: 'A', company: companyOf(['A'], true) },
  ],
  [
    'several locations',
    { locationIds: ['A', 'B'], companyId: 'company' },
    { locationId: undefined, company: companyOf(['A', 'B'], false) },
  ],
  [
    'all locations but one',
    { companyId: 'company', approveAll: true, excludedIds: ['C'] },
    { locationId: undefined, company: companyOf([], true, ['C']) },
  ],
  [
    'two, one of them excluded: the other one is the only one',
    { locationIds: ['A', 'B'], companyId: 'company', excludedIds: ['B'] },
    { locationId: 'A' },
  ],
])('%s', (_case, whom, expected) => expect(plan(whom)).toEqual(expected));

test.each<[string, Partial<ExternalAuthFields>, string]>([
  ['nobody', {}, 'locationId'],
  ['a company, but none of its locations', { companyId: 'company' }, 'locationId'],
  ['all, of no company', { approveAll: true }, 'locationId'],
  ['one that is excluded', { locationIds: ['A'], excludedIds: ['A'] }, 'locationId'],
  ['several, of no company', { locationIds: ['A', 'B'] }, 'companyId'],
])('%s: refused by the name of the field', (_case, whom, path) => {
  expect(() => plan(whom)).toThrow(
    expect.objectContaining({ code: 'invalid_input', status: 422, errors: [{ path, message: expect.any(String) }] }),
  );
});

test('nobody gets anything who is excluded, and only one named location gets the instance', () => {
  const ids = fc.uniqueArray(fc.constantFrom<string>('A', 'B', 'C', 'D'));
  const whom = fc.record({
    ...{ locationIds: ids, excludedIds: ids, approveAll: fc.boolean() },
    companyId: fc.option(fc.constant('company'), { nil: undefined }),
  });
  const outcome = (fields: Partial<ExternalAuthFields>) => {
    try {
      return plan(fields);
    } catch (error) {
      return (error as DomainError).code;
    }
  };
  fc.assert(
    fc.property(whom, (fields) => {
      const { excludedIds, approveAll, companyId } = fields;
      const named = fields.locationIds.filter((id) => !excludedIds.includes(id));
      const locationId = named.length === 1 ? named[0] : undefined;
      const isForCompany = companyId !== undefined && (approveAll || named.length > 1);
      const company = isForCompany ? companyOf(named, approveAll, excludedIds) : undefined;
      const isForNobody = locationId === undefined && company === undefined;
      expect(outcome(fields)).toEqual(isForNobody ? 'invalid_input' : { locationId, company });
    }),
  );
});
