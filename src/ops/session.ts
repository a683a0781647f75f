import type { AdminApi } from './adminApi';

/** What a command works with. */
export interface Session {
  admin: AdminApi;
  /** Prints lines for a person or, with `--json`, a document for a program. */
  print(text: string): void;
  /** True: print the bridge's answers as they are. */
  json: boolean;
  /** Asks the person in front of it; resolves with the answer. Throws OpsError where nobody is there. */
  ask(question: string): Promise<string>;
  /** Epoch milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Prints an answer: as it is with `--json`, else in the words of `words`. */
export function show<T>(session: Session, answer: T, words: (answer: T) => string): void {
  session.print(session.json ? JSON.stringify(answer, null, 2) : words(answer));
}
