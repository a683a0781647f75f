import { styleText } from 'node:util';

/** Where the printer writes; `hasColors` is there on a terminal only. */
export interface Output {
  write(text: string): unknown;
  hasColors?: () => boolean;
}

/** Tells the story of a run. */
export interface Printer {
  /** A line of slow preparations. */
  note(line: string): void;
  /** A paragraph of names and what belongs to them, in two columns under a title. */
  table(title: string, rows: readonly (readonly [string, string])[]): void;
  stepBegins(number: number, title: string): void;
  /** `url` is the step's workflow in the Web UI. */
  stepDone(ms: number, lines: readonly string[], url: string | null): void;
  /** `untried` names the steps that are left out for it. */
  stepFailed(why: string, untried: readonly string[]): void;
  /** A last word. */
  close(line: string): void;
}

/** Returns a printer; without colours it says the same. */
export function createPrinter(output: Output): Printer {
  // The output says so itself; left alone, styleText would look at this process's own standard output.
  const coloured = output.hasColors?.() === true;
  const paint = (style: 'bold' | 'dim' | 'green' | 'red' | 'cyan', text: string): string =>
    coloured ? styleText(style, text, { validateStream: false }) : text;
  const line = (text = ''): void => void output.write(`${text}\n`);
  return {
    note: (text) => line(paint('dim', `  ${text}`)),
    table: (title, rows) => {
      const width = Math.max(...rows.map(([name]) => name.length));
      line(`\n${paint('bold', title)}\n`);
      for (const [name, text] of rows) line(`  ${paint('dim', name.padEnd(width))}  ${text}`);
    },
    stepBegins: (number, title) => line(`\n${paint('bold', `${number}  ${title}`)}`),
    stepDone: (ms, [first = 'done', ...more], url) => {
      line(`   ${paint('green', '✓')} ${first} ${paint('dim', `(${(ms / 1000).toFixed(1)} s)`)}`);
      for (const text of more) line(`     ${text}`);
      if (url !== null) line(`     ${paint('cyan', url)}`);
    },
    stepFailed: (why, untried) => {
      line(`   ${paint('red', '✗')} did not happen: ${why}`);
      if (untried.length > 0) line(`     not tried after that: ${untried.join(', ')}`);
    },
    close: (text) => line(`\n${text}`),
  };
}
