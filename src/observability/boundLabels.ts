/** The labels of one sample; a number is written as text. */
export type Labels = Record<string, string | number>;

const SHAPE = /^[A-Za-z0-9_.:/{}*-]{1,64}$/;
const OTHER = 'other';

/**
 * Returns a function that keeps the labels of one metric few: of each label the first `most` values pass, later ones
 * and such as do not look like a name become `other`. A code that a foreign server makes up can so neither fill the
 * memory of whoever stores the series, nor carry a text.
 */
export function boundLabels(most: number): (labels: Labels) => Labels {
  const known = new Map<string, Set<string>>();
  const bound = (name: string, value: string): string => {
    const values = known.get(name) ?? new Set();
    known.set(name, values);
    if (!SHAPE.test(value) || (values.size >= most && !values.has(value))) return OTHER;
    values.add(value);
    return value;
  };
  return (labels) =>
    Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, bound(name, String(value))]));
}
