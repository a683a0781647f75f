import { z } from 'zod';
import type { Reply } from '../../kit/answer';
import { changeContact, contactView, createContact, findContact } from '../records/contacts';
import { ok, refuse } from '../replies';
import type { GhlContact } from '../records/types';
import { checkJson, type Checked } from '../validation';
import type { Call, GhlRoute } from './route';

const optional = () => z.string().optional();
const dndSetting = z.strictObject({
  status: z.enum(['active', 'inactive', 'permanent']),
  message: optional(),
  code: optional(),
});

/** Properties that create, upsert and update share (GHL docs, contacts; the dated edition). */
const shared = {
  firstName: optional(),
  lastName: optional(),
  name: optional(),
  email: optional(),
  gender: optional(),
  phone: optional(),
  address1: optional(),
  city: optional(),
  state: optional(),
  postalCode: optional(),
  website: optional(),
  timezone: optional(),
  dnd: z.boolean().optional(),
  dndSettings: z.partialRecord(z.enum(['Call', 'Email', 'SMS', 'WhatsApp', 'GMB', 'FB']), dndSetting).optional(),
  inboundDndSettings: z.unknown().optional(),
  tags: z.array(z.string()).optional(),
  customFields: z
    .array(z.strictObject({ id: optional(), key: optional(), field_value: z.unknown().optional() }))
    .optional(),
  source: optional(),
  dateOfBirth: optional(),
  country: optional(),
  assignedTo: optional(),
};
const createSchema = z.strictObject({ ...shared, locationId: z.string(), companyName: optional() });
const upsertSchema = createSchema.extend({ createNewIfDuplicateAllowed: z.boolean().optional() });
const updateSchema = z.strictObject(shared);

/** Returns the contact that a call's path names, if it is one of the token's location. */
export function ownContact({ state, params, locationId }: Call): Checked<GhlContact> {
  const value = state.contacts.get(params.contactId ?? '');
  if (value === undefined) return { ok: false, reply: refuse(400, 'Contact not found') };
  return value.locationId === locationId ? { ok: true, value } : { ok: false, reply: refuse(403) };
}

function upsert(call: Call): Reply {
  const { state, request } = call;
  const body = checkJson(upsertSchema, request);
  if (!body.ok) return body.reply;
  const { locationId, createNewIfDuplicateAllowed, ...input } = body.value;
  if (locationId !== call.locationId) return refuse(403);
  if (!input.phone && !input.email) return refuse(400, 'email or phone is required');
  const mayDouble = createNewIfDuplicateAllowed === true && state.locations.get(locationId)?.allowDuplicates === true;
  const found = mayDouble ? undefined : findContact(state, locationId, input);
  const contact =
    found === undefined ? createContact(state, locationId, input) : changeContact(state, found.contact, input);
  return ok({ new: found === undefined, contact: contactView(contact) });
}

function create(call: Call): Reply {
  const { state, request } = call;
  const body = checkJson(createSchema, request);
  if (!body.ok) return body.reply;
  const { locationId, ...input } = body.value;
  if (locationId !== call.locationId) return refuse(403);
  const found = findContact(state, locationId, input);
  if (found !== undefined && state.locations.get(locationId)?.allowDuplicates !== true) {
    return refuseDouble(found);
  }
  return ok({ contact: contactView(createContact(state, locationId, input)) }, 201);
}

function refuseDouble({ contact, matchingField }: NonNullable<ReturnType<typeof findContact>>): Reply {
  const meta = { contactId: contact.id, contactName: contact.fields.name ?? '', matchingField };
  return refuse(400, 'This location does not allow duplicated contacts.', { meta });
}

function duplicate(call: Call): Reply {
  const { state, request, locationId } = call;
  if (request.query.get('locationId') !== locationId) return refuse(403);
  const phone = request.query.get('number') ?? undefined;
  const email = request.query.get('email') ?? undefined;
  // A plus that was not encoded arrives as a space; GHL then finds nothing.
  if (phone !== undefined && !phone.startsWith('+')) return ok({ contact: null });
  const found = findContact(state, locationId, { phone, email });
  return ok({ contact: found === undefined ? null : contactView(found.contact) });
}

function get(call: Call): Reply {
  const contact = ownContact(call);
  return contact.ok ? ok({ contact: contactView(contact.value) }) : contact.reply;
}

function update(call: Call): Reply {
  const contact = ownContact(call);
  if (!contact.ok) return contact.reply;
  const body = checkJson(updateSchema, call.request);
  if (!body.ok) return body.reply;
  const { state, locationId } = call;
  const other = findContact(state, locationId, body.value);
  const mayDouble = state.locations.get(locationId)?.allowDuplicates === true;
  if (other !== undefined && other.contact.id !== contact.value.id && !mayDouble) return refuseDouble(other);
  // The name of this property is GHL's own.
  return ok({ succeded: true, contact: contactView(changeContact(call.state, contact.value, body.value)) });
}

const READ = { audience: 'location', scope: 'contacts.readonly' } as const;
const WRITE = { audience: 'location', scope: 'contacts.write' } as const;

export const CONTACT_ROUTES: readonly GhlRoute[] = [
  { method: 'POST', path: '/contacts/upsert', operation: 'upsertContact', access: WRITE, handle: upsert },
  { method: 'GET', path: '/contacts/search/duplicate', operation: 'duplicateContact', access: READ, handle: duplicate },
  { method: 'POST', path: '/contacts', operation: 'createContact', access: WRITE, handle: create },
  { method: 'GET', path: '/contacts/:contactId', operation: 'getContact', access: READ, handle: get },
  { method: 'PUT', path: '/contacts/:contactId', operation: 'updateContact', access: WRITE, handle: update },
];
