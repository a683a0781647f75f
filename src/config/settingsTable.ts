import { SETTINGS_TABLE, type SettingRow } from './schema';

const HEAD = ['| name | default | meaning |', '| --- | --- | --- |'];

/** A bar inside a cell would end it. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function renderRow({ name, fallback, meaning }: SettingRow): string {
  return `| \`${name}\` | ${cell(fallback)} | ${cell(meaning)} |`;
}

/** Returns the table of all settings as Markdown, as docs/settings.md holds it. */
export function renderSettingsTable(): string {
  return [...HEAD, ...SETTINGS_TABLE.map(renderRow)].join('\n');
}
