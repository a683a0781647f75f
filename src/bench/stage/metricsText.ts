/** One line of Prometheus' text format. */
const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Returns the values of a metric by one of its labels, out of Prometheus' text format; empty where it is not there. */
export function valuesByLabel(text: string, metric: string, label: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const [, name, labels = '', value] of matches(text)) {
    if (name !== metric) continue;
    const own = [...labels.matchAll(LABEL)].find(([, key]) => key === label)?.[2] ?? '';
    values.set(own, (values.get(own) ?? 0) + Number(value));
  }
  return values;
}

/** Returns the value of a metric without labels; NaN where it is not there. */
export function valueOf(text: string, metric: string): number {
  return Number(matches(text).find(([, name]) => name === metric)?.[3]);
}

function matches(text: string): RegExpExecArray[] {
  return text
    .split('\n')
    .map((line) => LINE.exec(line))
    .filter((match) => match !== null);
}
