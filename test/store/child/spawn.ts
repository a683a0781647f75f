import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A child that says each line of its output once. */
export interface Child {
  process: ChildProcess;
  /** Waits for a line that begins so; the rest of it is returned. Throws with what the child said when it ends before. */
  said(start: string): Promise<string>;
  /** Waits for the end of the child; its lines so far. */
  ended(): Promise<string[]>;
}

/** Starts `<name>.ts` of this folder as a process of its own. */
export function spawnChild(name: string, ...args: string[]): Child {
  const script = [join(__dirname, 'run.mjs'), join(__dirname, `${name}.ts`), ...args];
  const child = spawn(process.execPath, script, { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  child.stderr.on('data', (chunk: Buffer) => lines.push(`stderr: ${chunk.toString()}`));
  const over = once(child, 'close');
  return {
    process: child,
    said: async (start) => {
      for (;;) {
        const line = lines.find((one) => one.startsWith(start));
        if (line !== undefined) return line.slice(start.length);
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(lines.join('\n'));
        await Promise.race([once(reader, 'line'), over]);
      }
    },
    ended: async () => {
      await over;
      return lines;
    },
  };
}
