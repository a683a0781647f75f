import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS_TABLE } from '../../src/config/schema';
import { renderSettingsTable } from '../../src/config/settingsTable';

/** To write the table anew after a change of a setting: WRITE_DOCS=1 npx jest test/pure/configDocs */
const DOC = join(__dirname, '../../docs/settings.md');
const BETWEEN = /(<!-- settings-table-start[^\n]*-->\n)([\s\S]*?)(<!-- settings-table-end -->)/;

beforeAll(() => {
  if (process.env.WRITE_DOCS !== '1') return;
  const table = renderSettingsTable();
  writeFileSync(
    DOC,
    readFileSync(DOC, 'utf8').replace(BETWEEN, (_, start, __, end) => `${start}${table}\n${end}`),
  );
});

test('docs/settings.md holds the table of the schema (WRITE_DOCS=1 writes it)', () => {
  expect(BETWEEN.exec(readFileSync(DOC, 'utf8'))?.[2]).toBe(`${renderSettingsTable()}\n`);
});

test('every setting has a one-line meaning and a default in words', () => {
  expect(SETTINGS_TABLE.length).toBeGreaterThan(60);
  for (const row of SETTINGS_TABLE) {
    expect(row).toEqual(expect.objectContaining({ meaning: expect.any(String), fallback: expect.any(String) }));
    expect(row.meaning).toMatch(/^[^\n]{10,}$/);
  }
});

test('a bar in a meaning does not end its cell', () => {
  const rows = renderSettingsTable().split('\n');
  expect(rows.map((row) => row.split(/(?<!\\)\|/).length)).toEqual(rows.map(() => 5));
});
