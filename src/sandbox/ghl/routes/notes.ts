import { z } from 'zod';
import type { Reply } from '../../kit/answer';
import { newId } from '../records/state';
import type { GhlNote } from '../records/types';
import { ok } from '../replies';
import { checkJson } from '../validation';
import { ownContact } from './contacts';
import type { Call, GhlRoute } from './route';

/** GHL docs, Create note. */
const createSchema = z.strictObject({
  body: z.string(),
  userId: z.string().optional(),
  title: z.string().optional(),
  color: z.string().optional(),
  pinned: z.boolean().optional(),
});

function create(call: Call): Reply {
  const { state, request, locationId } = call;
  const contact = ownContact(call);
  if (!contact.ok) return contact.reply;
  const body = checkJson(createSchema, request);
  if (!body.ok) return body.reply;
  const dateAdded = new Date(state.now()).toISOString();
  const note: GhlNote = { id: newId(), locationId, contactId: contact.value.id, dateAdded, body: body.value.body };
  state.notes.set(note.id, note);
  state.watch.changed();
  return ok({ note: viewOf(note) }, 201);
}

function list(call: Call): Reply {
  const contact = ownContact(call);
  if (!contact.ok) return contact.reply;
  const mine = [...call.state.notes.values()].filter(({ contactId }) => contactId === contact.value.id);
  return ok({ notes: mine.map(viewOf) });
}

function viewOf({ id, body, contactId, dateAdded }: GhlNote): object {
  return { id, body, contactId, dateAdded };
}

const path = '/contacts/:contactId/notes';

export const NOTE_ROUTES: readonly GhlRoute[] = [
  {
    method: 'POST',
    path,
    operation: 'createNote',
    access: { audience: 'location', scope: 'contacts.write' },
    handle: create,
  },
  {
    method: 'GET',
    path,
    operation: 'listNotes',
    access: { audience: 'location', scope: 'contacts.readonly' },
    handle: list,
  },
];
