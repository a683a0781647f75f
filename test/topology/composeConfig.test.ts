import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../src/sandbox/machine/runCommand';
import { composeText } from './composeFile';
import { missingTool } from './temporalOnMysql';

/** Go builds Compose's own loader here when Docker has no Compose. */
const CHECK_MS = 5 * 60_000;
const ROOT = join(__dirname, '../..');
/** The library with which Docker Compose reads its files; its command checks one against Compose's schema. */
const LOADER = 'github.com/compose-spec/compose-go/v2/cmd@v2.9.1';

const withDocker = spawnSync('docker', ['compose', 'version']).status === 0;
const described = withDocker || missingTool() === null ? describe : describe.skip;

/** Reads a compose file as Docker Compose does. Resolves with what it printed; rejects with what is wrong. */
async function checkFile(file: string): Promise<string> {
  const env = { ...process.env, ...exampleValues() };
  const [command, args] = withDocker
    ? ['docker', ['compose', '--file', file, 'config', '--quiet']]
    : ['go', ['run', LOADER, '-no-interpolation', file]];
  return await runCommand(command, args, { env, timeoutMs: CHECK_MS });
}

/** Every name in `.env.example` with some value. */
function exampleValues(): Record<string, string> {
  const names = readFileSync(join(ROOT, '.env.example'), 'utf8').matchAll(/^(\w+)=/gm);
  return Object.fromEntries([...names].map(([, name]) => [name, name?.endsWith('_PORT') === true ? '8081' : 'x']));
}

described(`docker-compose.yml, read by ${withDocker ? 'docker compose config' : "Compose's own loader"}`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bridge-compose-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const check = async (text: string): Promise<string> => {
    const file = join(folder, 'docker-compose.yml');
    await writeFile(file, text);
    return await checkFile(file);
  };

  test('is valid', () => expect(check(composeText())).resolves.toEqual(expect.any(String)), CHECK_MS);

  test(
    'would be refused with a word that Compose does not know',
    () =>
      expect(check(composeText().replaceAll('stop_grace_period', 'stop_grace_time'))).rejects.toThrow(
        /stop_grace_time/,
      ),
    CHECK_MS,
  );
});
