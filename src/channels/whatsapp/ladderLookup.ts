import { ERROR_LADDER, type LadderRow } from './errorLadder';

/**
 * Returns the row of the error ladder that an error reply means, null for a text that nobody has seen yet.
 * `relogin` is the flag beside the text, which says that the session is lost.
 */
export function ladderRow(error: { text: string; relogin: boolean }): LadderRow | null {
  if (error.relogin) return rowOf('logged_out');
  const said = error.text.toLowerCase();
  return ERROR_LADDER.find((row) => row.says.some((part) => said.includes(part))) ?? null;
}

function rowOf(code: string): LadderRow | null {
  return ERROR_LADDER.find((row) => row.code === code) ?? null;
}
