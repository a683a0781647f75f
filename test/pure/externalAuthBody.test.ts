import fc from 'fast-check';
import { plainJsonOf } from '../../src/http/routes/externalAuth/plainJson';
import { externalAuthSchema } from '../../src/http/routes/externalAuth/schema';

const TYPED = { access_token: 'the-token', instance_id: '609ACF2830001', whatsapp_number: '+60110000001' };
const READ = { accessToken: 'the-token', instanceId: '609ACF2830001', number: '+60110000001' };

const readJson = (body: string, isForm = false) =>
  externalAuthSchema.safeParse(JSON.parse(plainJsonOf(body, isForm)) as unknown);
const read = (fields: Record<string, unknown>) => externalAuthSchema.safeParse({ ...TYPED, ...fields });
const pathsOf = (result: ReturnType<typeof read>) => result.error?.issues.map(({ path }) => path.join('.'));

describe('the body', () => {
  test('all of it, as JSON', () => {
    const whom = { companyId: 'company', locationId: ['A', 'B'], excludedLocations: ['C'], approveAllLocations: true };
    const fields = { companyId: 'company', locationIds: ['A', 'B'], approveAll: true, excludedIds: ['C'] };
    expect(read(whom).data).toEqual({ ...READ, ...fields });
  });

  test("GHL's nulls, and what is left out, are nothing", () => {
    const nothing = { ...READ, companyId: undefined, locationIds: [], approveAll: false, excludedIds: [] };
    expect(read({}).data).toEqual(nothing);
    const nulls = { companyId: null, locationId: null, approveAllLocations: null, excludedLocations: null };
    expect(read(nulls).data).toEqual(nothing);
    expect(read({ companyId: 'null', locationId: '', excludedLocations: 'undefined' }).data).toEqual(nothing);
  });

  test.each([
    ['a bare text', '"A"', ['A']],
    ['a list', '["A", "B"]', ['A', 'B']],
    ["the documents' set", '{"A","B"}', ['A', 'B']],
    ["the documents' set of one", '{ "A" }', ['A']],
    ['an empty set', '{}', []],
    ['a set inside a text', '"{A,B}"', ['A', 'B']],
    ['a list inside a text', String.raw`"[\"A\",\"B\"]"`, ['A', 'B']],
    ['ids between commas', '"A, B"', ['A', 'B']],
    ['one twice', '["A","A"]', ['A']],
  ])('locations as %s', (_case, written, locationIds) => {
    const body = `{"locationId": ${written}, ${JSON.stringify(TYPED).slice(1)}`;
    expect(readJson(body).data).toMatchObject({ ...READ, locationIds });
  });

  test('a form: repeated names, names with brackets, words for true', () => {
    const form = new URLSearchParams({ ...TYPED, companyId: 'null', approveAllLocations: 'True' });
    for (const id of ['A', 'B']) form.append('locationId[]', id);
    form.append('excludedLocations', '{"C","D"}');
    const fields = { companyId: undefined, locationIds: ['A', 'B'], approveAll: true, excludedIds: ['C', 'D'] };
    expect(readJson(form.toString(), true).data).toEqual({ ...READ, ...fields });
  });

  test('white space around what was copied is dropped, a number without quotes is taken', () => {
    const copied = { access_token: ' the-token\n', whatsapp_number: 60110000001 };
    expect(read(copied).data).toMatchObject({ ...READ, number: '60110000001' });
  });

  test('what is in a text stays as it is', () => {
    const text = String.raw`{"a":"{\"A\",\"B\"}", "b":"}{", "c":{"d":["e"]}, "f":["{","}"]}`;
    expect(plainJsonOf(text, false)).toBe(text);
  });

  test.each([
    ['no token', { access_token: '' }, 'access_token'],
    ['a token with a space', { access_token: 'two words' }, 'access_token'],
    ['no instance', { instance_id: null }, 'instance_id'],
    ['a placeholder', { instance_id: '{{instance_id}}' }, 'instance_id'],
    ['no number', { whatsapp_number: undefined }, 'whatsapp_number'],
    ['a location that is none', { locationId: ['A', 7.5] }, 'locationId.1'],
    ['a placeholder for locations', { locationId: '{{locationId}}' }, 'locationId.0'],
    ['no list', { excludedLocations: { a: 1 } }, 'excludedLocations'],
    ['a word for no', { approveAllLocations: 'perhaps' }, 'approveAllLocations'],
    ['a company that is none', { companyId: ['A'] }, 'companyId'],
  ])('%s is refused by the name of its field', (_case, fields, path) => {
    expect(pathsOf(read(fields))).toEqual([path]);
  });
});

describe('any body', () => {
  const value = fc.oneof(fc.jsonValue(), fc.string(), fc.constantFrom('null', '{"A"}', '{{x}}', 'A,B', true, 1e21));
  const word = fc.oneof({ weight: 3, arbitrary: fc.string({ minLength: 1 }) }, value);
  const body = fc.record(
    {
      ...{ access_token: word, instance_id: word, whatsapp_number: word },
      ...{ companyId: value, locationId: value, approveAllLocations: value, excludedLocations: value },
    },
    { requiredKeys: ['access_token', 'instance_id', 'whatsapp_number'] },
  );

  test('is read, and then every value is what it should be', () => {
    fc.assert(
      fc.property(body, (fields) => {
        const { data } = externalAuthSchema.safeParse(fields);
        fc.pre(data !== undefined);
        const { locationIds, excludedIds, instanceId, accessToken } = data;
        for (const id of [...locationIds, ...excludedIds, instanceId]) expect(id).toMatch(/^[\x21-\x7e]{1,190}$/);
        expect(new Set(locationIds).size).toBe(locationIds.length);
        expect(accessToken).toMatch(/^\S{1,500}$/);
      }),
    );
  });

  test('or is refused, in words that repeat nothing of it', () => {
    const long = (text: unknown): text is string => typeof text === 'string' && text.length > 12;
    fc.assert(
      fc.property(body, (fields) => {
        const { issues = [] } = externalAuthSchema.safeParse(fields).error ?? {};
        const said = issues.map(({ message }) => message).join('\n');
        const repeated = Object.values(fields).filter((text) => long(text) && said.includes(text));
        expect(repeated).toEqual([]);
      }),
    );
  });

  test('that is JSON means the same after it was made plain', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.parse(plainJsonOf(text, false))).toEqual(JSON.parse(text));
      }),
    );
  });

  test('is made plain in a time that grows with its length alone', () => {
    const nasty = ['"\\'.repeat(100_000), '{"a",'.repeat(50_000), `{${'"a",'.repeat(60_000)}`, '{ "'.repeat(80_000)];
    const startedAt = performance.now();
    for (const text of nasty) plainJsonOf(text, false);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  test('as a form is read without an error', () => {
    fc.assert(fc.property(fc.string(), (text) => void JSON.parse(plainJsonOf(text, true))));
  });
});
