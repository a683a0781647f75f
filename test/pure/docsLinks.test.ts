import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '../..');
const IMAGE_LIMIT = 300 * 1024;

/** The pages a reader is led to: the README, and everything under docs/. */
const pages = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name)),
].filter((path) => path.endsWith('.md'));
const images = readdirSync(join(ROOT, 'docs/img')).map((name) => join('docs/img', name));

const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');
/** What stands in code is no link and no heading. */
const prose = (text: string): string => text.replace(/^ *```[\s\S]*?^ *```/gm, '').replace(/`[^`\n]*`/g, 'code');

interface Link {
  page: string;
  target: string;
}

const links: Link[] = pages.flatMap((page) =>
  [...prose(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => ({ page, target: target! })),
);
const inside = links.filter(({ target }) => !/^[a-z]+:/.test(target));

/** The page that a link leads to, and the heading in it, seen from the project's root. */
function aim({ page, target }: Link): { path: string; anchor?: string } {
  const [file, anchor] = target.split('#');
  return { path: file === '' ? page : join(dirname(page), file!), anchor };
}

/** The anchors that GitHub gives to a page's headings. */
function anchorsOf(page: string): string[] {
  const headings = read(page)
    .replace(/^ *```[\s\S]*?^ *```/gm, '')
    .matchAll(/^#+ +(.+)$/gm);
  return [...headings].map(([, text]) =>
    text!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

test('the pages are found, and they link to each other', () => {
  expect(pages.length).toBeGreaterThan(15);
  expect(inside.length).toBeGreaterThan(30);
});

test('every relative link leads to a file', () => {
  expect(inside.filter((link) => !existsSync(join(ROOT, aim(link).path)))).toEqual([]);
});

test('every link to a heading leads to one', () => {
  const broken = inside.filter((link) => {
    const { path, anchor } = aim(link);
    return anchor !== undefined && !anchorsOf(path).includes(anchor);
  });
  expect(broken).toEqual([]);
});

test('every page and every picture is reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const page of reached) {
    if (!page.endsWith('.md')) continue;
    for (const link of inside.filter((one) => one.page === page)) reached.add(aim(link).path);
  }
  expect([...pages, ...images].filter((path) => !reached.has(path))).toEqual([]);
});

test('pictures are small enough for a page', () => {
  expect(images.length).toBeGreaterThan(0);
  expect(images.filter((path) => statSync(join(ROOT, path)).size > IMAGE_LIMIT)).toEqual([]);
});

test('the records of decisions are numbered without a gap, and each says when to think again', () => {
  const records = pages.filter((page) => /decisions\/\d/.test(page)).sort();
  expect(records.map((page) => relative('docs/decisions', page).slice(0, 4))).toEqual(
    records.map((_, index) => String(index + 1).padStart(4, '0')),
  );
  const parts = ['Context', 'Decision', 'Consequences', 'When to revisit'];
  const headings = records.map((page) => [...read(page).matchAll(/^## (.+)$/gm)].map(([, text]) => text));
  expect(headings).toEqual(records.map(() => parts));
});
