import type { App } from '../app';
import type { LocationSettings } from '../config/locationSettings';
import { invalidInput, type FieldError } from '../domain/errors';
import type { Scope } from '../store/context';

type Named = { [Name in 'tagConnections' | 'defaultConnection']?: LocationSettings[Name] | null };

/** Throws `invalid_input` (422) that names each number which is not the location's: a rule must not lead nowhere. */
export async function refuseForeignNumbers(
  { store }: Pick<App, 'store'>,
  scope: Scope,
  { tagConnections, defaultConnection }: Named,
): Promise<void> {
  const named = (tagConnections ?? []).map(({ connectionId }, index) => ({
    id: connectionId,
    path: `tagConnections.${index}.connectionId`,
  }));
  if (defaultConnection != null) named.push({ id: defaultConnection, path: 'defaultConnection' });
  const errors: FieldError[] = [];
  for (const { id, path } of named) {
    const own = (await store.connections.get(scope, id)) !== null;
    if (!own) errors.push({ path, message: "must be the id of one of the location's numbers" });
  }
  if (errors.length > 0) throw invalidInput(errors, { status: 422 });
}
