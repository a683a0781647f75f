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

/** Returns the words for a code of the ladder, for users in GHL and for operators; null for any other code. */
export function ladderWords(code: string): { ghl: string; ops: string } | null {
  const row = rowOf(code);
  return row === null ? null : { ghl: row.ghl, ops: row.ops };
}

function rowOf(code: string): LadderRow | null {
  return ERROR_LADDER.find((row) => row.code === code) ?? null;
}
