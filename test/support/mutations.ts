import fc from 'fast-check';

type Path = (string | number)[];

/** One thing that happens to a place in a JSON value, the place chosen by a number. */
interface Mutation {
  place: number;
  how: 'drop' | 'replace' | 'list' | 'nest' | 'text' | 'twice';
  by: unknown;
}

/** Arbitrary mutations of a JSON value. */
export const mutations = fc.array(
  fc.record<Mutation>({
    place: fc.nat(),
    how: fc.constantFrom('drop', 'replace', 'list', 'nest', 'text', 'twice'),
    by: fc.jsonValue({ maxDepth: 2 }),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Returns a copy of a JSON value to which all of this has happened, one after the other. */
export function mutated(value: unknown, steps: readonly Mutation[]): unknown {
  const root = { value: structuredClone(value) };
  for (const step of steps) {
    const paths = pathsOf(root).slice(1);
    const path = paths[step.place % paths.length];
    if (path !== undefined) mutate(root, path, step);
  }
  return root.value ?? null;
}

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  const deeper = keys.flatMap((key) => pathsOf((value as Record<string | number, unknown>)[key], [...path, key]));
  return [path, ...deeper];
}

function mutate(root: object, path: Path, { how, by }: Mutation): void {
  const last = path.at(-1) ?? 'value';
  const parent = path
    .slice(0, -1)
    .reduce<Record<string | number, unknown>>(
      (node, key) => node[key] as Record<string | number, unknown>,
      root as Record<string | number, unknown>,
    );
  const before = parent[last];
  switch (how) {
    case 'drop':
      Reflect.deleteProperty(parent, last);
      return;
    case 'replace':
      parent[last] = by;
      return;
    case 'list':
      parent[last] = [before, by];
      return;
    case 'nest':
      parent[last] = { message: before, data: by };
      return;
    case 'text':
      parent[last] = JSON.stringify(before);
      return;
    case 'twice':
      parent[last] = [before, structuredClone(before)];
      return;
  }
}
