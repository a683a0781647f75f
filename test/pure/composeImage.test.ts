import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const lines = (file: string): string[] =>
  readFileSync(join(root, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

/** The instructions of each stage of the Dockerfile, continued lines joined. */
const stages = lines('Dockerfile')
  .join('\n')
  .replaceAll(/\\\n\s*/g, '')
  .split(/^(?=FROM )/m)
  .map((stage) => stage.trim().split('\n'));
const final = stages.at(-1)!;
const starting = (word: string, stage: string[]): string[] => stage.filter((line) => line.startsWith(`${word} `));

describe('the Dockerfile', () => {
  it('builds all stages on one pinned image of the Node major that the package asks for', () => {
    const bases = new Set(stages.map(([from]) => from!.split(' ')[1]));
    expect(bases.size).toBe(1);
    expect([...bases][0]).toMatch(/^node:20\.\d+\.\d+-bookworm-slim$/);
  });

  it('makes the workflow bundle in a stage that is left behind', () => {
    const building = stages.filter((stage) => stage.includes('RUN npm run build'));
    expect(building).toHaveLength(1);
    expect(building).not.toContain(final);
    expect(final).toContain('COPY --from=build /app/dist ./dist');
  });

  it('takes modules without development dependencies into the image, and no compiler', () => {
    expect(final).toContain('COPY --from=modules /app/node_modules ./node_modules');
    const modules = stages.find(([from]) => from!.endsWith(' AS modules'))!;
    expect(starting('RUN', modules)).toEqual(['RUN npm ci --omit=dev']);
    expect(starting('RUN', final).filter((line) => /npm|gcc|g\+\+|build-essential|python/.test(line))).toEqual([]);
  });

  it('runs as another user than root, and node itself takes the signals', () => {
    expect(final.indexOf('USER node')).toBeGreaterThan(final.findLastIndex((line) => line.startsWith('RUN ')));
    expect(starting('ENTRYPOINT', final)).toEqual(['ENTRYPOINT ["node", "dist/src/main.js"]']);
  });

  it('copies only what .dockerignore lets through', () => {
    const allowed = lines('.dockerignore').map((line) => line.replace('!', ''));
    const copied = stages
      .flatMap((stage) => starting('COPY', stage))
      .filter((line) => !line.includes('--from='))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect(copied.filter((path) => !allowed.includes(path))).toEqual([]);
    expect(copied).toEqual(expect.arrayContaining(['src', 'workflows', 'activities', 'package-lock.json', '.npmrc']));
  });
});
