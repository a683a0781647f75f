import { z } from 'zod';
import type { TextSchema } from '../setting';

/** Which database holds the store. A MySQL address holds the password: never log it. */
export type DatabaseUrl = { kind: 'sqlite'; path: string } | { kind: 'mysql'; url: string };

const FORM = 'must be sqlite:PATH or mysql://user:password@host:3306/database';

function readDatabaseUrl(text: string): DatabaseUrl | string {
  if (text.startsWith('sqlite:')) {
    const path = text.slice('sqlite:'.length);
    if (path === ':memory:') return 'must name a file: what is kept in memory is lost with the process';
    return path === '' ? FORM : { kind: 'sqlite', path };
  }
  if (!text.startsWith('mysql://') || !URL.canParse(text)) return FORM;
  const url = new URL(text);
  if (url.hostname === '' || url.pathname.replace(/^\//, '') === '') return `${FORM}, with host and database`;
  return { kind: 'mysql', url: text };
}

/** `sqlite:PATH` (relative to the working directory) or `mysql://...`. */
export const databaseUrl: TextSchema<DatabaseUrl> = z.string().transform((text, context) => {
  const result = readDatabaseUrl(text);
  if (typeof result !== 'string') return result;
  context.addIssue({ code: 'custom', message: result });
  return z.NEVER;
});
