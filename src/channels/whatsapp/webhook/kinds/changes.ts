import { record, type JsonRecord } from '../../json';
import { gatewayIdOf } from '../gatewayId';
import { kind, type ContentKind, type Said, type Surroundings } from './kind';

const DELETED = '[deleted a message]';
/** The protocol's name for a deletion, and its number. */
const REVOKE: ReadonlySet<unknown> = new Set([0, '0', 'REVOKE']);

/** What somebody did to a message of theirs. What it said before stays where it is. */
export const CHANGES: ContentKind = kind('protocolMessage', (node, around) => edited(node, around) ?? deleted(node));

function edited(node: JsonRecord, { inner }: Surroundings): Said | undefined {
  const now = inner(node.editedMessage);
  return now === undefined ? undefined : { ...editOf(now), about: targetOf(node) };
}

/** Returns a content as the new state of an earlier one: under a file only the words can be changed. */
export function editOf({ words, brief, about }: Said): Said {
  return { words: `[edited] ${brief ?? words ?? ''}`.trimEnd(), about };
}

/** A host that drops zeros drops the type too: then only what is deleted is named. */
function deleted(node: JsonRecord): Said | undefined {
  const about = targetOf(node);
  const nameless = node.type === undefined && node.editedMessage === undefined && about !== undefined;
  return REVOKE.has(node.type) || nameless ? { words: DELETED, about } : undefined;
}

function targetOf(node: JsonRecord): string | undefined {
  return gatewayIdOf(record(node.key));
}
