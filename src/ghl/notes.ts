import { z } from 'zod';
import type { GhlAccess } from './access';
import type { GhlHttp } from './http';
import { CORE_VERSION } from './operations';
import { pathId } from './pathId';
import { holdsText } from './sameText';
import { maybe, needed, readAnswer } from './shapes';

export interface NotesApi {
  /**
   * Adds an internal note to a contact; agents read it beside the conversation (GHL docs, contacts: the conversations
   * API has no internal comment). Throws `ghl_contact_gone`, and with retry `ambiguous` `ghl_unavailable` and
   * `ghl_empty_answer`: then look for it with `hasNote` before adding it again.
   */
  createNote(access: GhlAccess, contactId: string, body: string): Promise<void>;
  /** Returns whether the contact has a note with this text. Throws `ghl_contact_gone` and the general codes. */
  hasNote(access: GhlAccess, contactId: string, body: string): Promise<boolean>;
}

const createdShape = z.object({ note: z.object({ id: needed }) });
const listShape = z.object({ notes: z.array(z.object({ body: maybe })) });

/** Returns the note endpoints. */
export function createNotesApi(http: GhlHttp): NotesApi {
  return {
    async createNote(access, contactId, body) {
      const to = { path: pathOf(contactId), version: CORE_VERSION, access, json: { body } };
      const answer = await http.request({ operation: 'note.create', method: 'POST', ...to });
      readAnswer('note.create', createdShape, answer);
    },

    async hasNote(access, contactId, body) {
      const from = { path: pathOf(contactId), version: CORE_VERSION, access };
      const answer = await http.request({ operation: 'note.list', method: 'GET', ...from });
      const { notes } = readAnswer('note.list', listShape, answer);
      return notes.some((note) => holdsText(note.body ?? '', body));
    },
  };
}

function pathOf(contactId: string): string {
  return `/contacts/${pathId(contactId)}/notes`;
}
