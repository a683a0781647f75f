import type { App } from '../app';
import { notFound } from '../domain/errors';
import type { Scope } from '../store/context';
import { OTHER_TABLES, type ExportPage } from '../store/exportData';

export interface ExportInput extends Scope {
  /** GHL's id of the contact; absent: everything of the location. */
  contactId?: string;
  /** Who asks, for the audit log. */
  actor: string;
}

/**
 * Writes down that an export was asked for and returns its lines, each a JSON document: first what it is, last how many
 * there were, so that one that was cut off is seen to be. Nothing is gathered in memory. Throws `not_found` for an
 * unknown location, before the first line.
 */
export async function exportData(
  app: App,
  { locationId, contactId, actor }: ExportInput,
): Promise<AsyncIterable<string>> {
  const scope = { locationId };
  if ((await app.store.locations.get(scope)) === null) throw notFound('location');
  const action = contactId === undefined ? 'location.export' : 'contact.export';
  await app.store.audit.write({ actor, action, ...scope, subject: contactId });
  return linesOf(app, scope, contactId);
}

async function* linesOf({ store }: App, scope: Scope, contactId: string | undefined): AsyncGenerator<string> {
  const subject = { contactId };
  yield lineOf({ kind: 'export', v: 1, ...scope, contactId, at: new Date().toISOString() });
  let count = 0;
  const sources = [
    (after: string) => store.exports.messages(scope, subject, after),
    ...OTHER_TABLES.map((table) => (after: string) => store.exports.others(scope, subject, { table, after })),
  ];
  for (const source of sources) {
    for await (const line of pagesOf(source)) {
      count += 1;
      yield line;
    }
  }
  yield lineOf({ kind: 'end', lines: count });
}

async function* pagesOf(source: (after: string) => Promise<ExportPage>): AsyncGenerator<string> {
  for (let after: string | null = ''; after !== null;) {
    const { lines, next }: ExportPage = await source(after);
    yield* lines.map(lineOf);
    after = next;
  }
}

function lineOf(document: object): string {
  return `${JSON.stringify(document)}\n`;
}
