import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const NAME = /\.(test|spec)\.[cm]?[jt]sx?$/;

describe('test/', () => {
  it('holds no test that Jest does not run', () => {
    const jest = join(root, 'node_modules/jest/bin/jest.js');
    const listed = execFileSync(process.execPath, [jest, '--listTests', '--json'], { cwd: root }).toString();
    const entries = readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true });
    const present = entries.map((entry) => join(entry.parentPath, entry.name)).filter((file) => NAME.test(file));
    expect(present.sort()).toEqual((JSON.parse(listed) as string[]).sort());
  });
});
