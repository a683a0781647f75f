import type { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { ATTRIBUTES } from './searchAttributes';

const KEYWORD = temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

/** Returns the names of our search attributes that the namespace lacks. Throws when Temporal does not answer. */
export async function missingAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.keys(ATTRIBUTES).filter((name) => !(name in customAttributes));
}

/**
 * Registers what is missing. Returns what still is: a server that does not let us (Temporal Cloud, say). Another
 * process that registers at the same moment is no trouble.
 */
export async function registerAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const missing = await missingAttributes(connection, namespace);
  if (missing.length === 0) return [];
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
  try {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch {
    // Refused, or somebody was faster: what counts is what is there now.
  }
  return await missingAttributes(connection, namespace);
}

/** Returns the commands with which an operator registers what is missing. */
export function registrationCommands(missing: readonly string[], namespace: string): string[] {
  return missing.map(
    (name) => `temporal operator search-attribute create --namespace ${namespace} --name ${name} --type Keyword`,
  );
}
