import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS_TABLE } from '../../src/config/schema';
import { CONNECTION_STATES } from '../../src/domain/connectionState';
import { MESSAGE_STATUSES } from '../../src/domain/messageStatus';
import { REASONS } from '../../src/domain/reasons';
import { createMetrics } from '../../src/observability/metrics';
import { createProgram } from '../../src/ops/program';

const ROOT = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const pages = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name)),
].filter((path) => path.endsWith('.md'));
const text = pages.map(read).join('\n');
const operations = read('docs/operations.md');

/** Every first group of a pattern in a text, each once. */
const all = (pattern: RegExp, within = text): string[] => [
  ...new Set([...within.matchAll(pattern)].map(([, name]) => name!)),
];

/** Names in capitals that are no settings of the bridge. */
const OTHER_NAMES = new Set([
  'NODE_ENV',
  'WRITE_DOCS',
  'TEMPORAL_GRPC_META_',
  'NAME_FILE',
  'INSTANCE_ID',
  'THE_ID',
  'PLAN_CHANGE',
  'EXTERNAL_AUTH_CONNECTED',
  'WAIT_CANCELLATION_COMPLETED',
  'BENCH_MYSQL_URL',
  'MYSQLD_PATH',
  'TEMPORAL_ON_MYSQL',
]);

test('every npm script that the docs name exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = all(/npm run ([a-z][\w:-]*)/g);
  expect(named).toEqual(expect.arrayContaining(['quickstart', 'start:ingress', 'start:worker', 'ops']));
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

test('every command and option of ops that the docs name exists', () => {
  const program = createProgram(async () => undefined);
  const lines = all(/npm run ops -- ([^`\n#]+)/g).map((line) => line.trim().split(/\s+/));
  const unknown = lines.filter((words) => {
    let command = program;
    const options = words.filter((word) => word.startsWith('--') && word !== '--help');
    for (const word of words) command = command.commands.find((one) => one.name() === word) ?? command;
    const known = new Set(command.options.map(({ long }) => long));
    const named = command !== program || ['COMMAND', '--help'].includes(words[0]!);
    return !named || options.some((option) => !known.has(option));
  });
  expect(lines.length).toBeGreaterThan(8);
  expect(unknown).toEqual([]);
});

test('every setting that the docs name is one', () => {
  const settings = new Set(SETTINGS_TABLE.flatMap(({ name }) => [name, `${name}_FILE`]));
  const isSetting = (name: string): boolean =>
    settings.has(name) || (name.endsWith('_') && [...settings].some((one) => one.startsWith(name)));
  const named = all(/(?<![\w-])([A-Z][A-Z0-9]*(?:_[A-Z0-9]*)+)(?![\w-])/g);
  expect(named.filter((name) => !isSetting(name) && !OTHER_NAMES.has(name))).toEqual([]);
});

test('every file and folder that the docs name exists', () => {
  const named = all(/`((?:src|workflows|activities|test|scripts|docs)\/[\w./-]*)`/g);
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('the operations page has every metric, and no other', async () => {
  const rendered = all(/^# TYPE (bridge_\w+)/gm, await createMetrics().render());
  expect(all(/`(bridge_[a-z_]+)`/g, operations).sort()).toEqual(rendered.sort());
});

test('the operations page has every state and every reason of a message', () => {
  const named = new Set(all(/`([a-z_]+)`/g, operations));
  const [states, reasons] = [MESSAGE_STATUSES, [...Object.keys(REASONS), ...CONNECTION_STATES]];
  expect([...states, ...reasons].filter((name) => !named.has(name))).toEqual([]);
});

test('the GHL page has every scope that is asked for', () => {
  const scopes = SETTINGS_TABLE.find(({ name }) => name === 'GHL_SCOPES')!;
  const page = read('docs/ghl-setup.md');
  const missing = all(/([\w./]+\.(?:readonly|write))/g, scopes.fallback).filter((one) => !page.includes(`\`${one}\``));
  expect(missing).toEqual([]);
});
