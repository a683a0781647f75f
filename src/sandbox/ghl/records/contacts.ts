import { newId, type GhlState } from './state';
import type { GhlContact } from './types';

/** What a caller may set on a contact. */
export interface ContactInput {
  phone?: string;
  email?: string;
  tags?: string[];
  [field: string]: unknown;
}

const IDENTITIES = ['phone', 'email'] as const;
type Identity = (typeof IDENTITIES)[number];

/** Returns a phone as GHL stores it: E.164 with the plus; anything that is not a digit is dropped. */
function storedPhone(phone: string): string {
  return `+${phone.replace(/\D/g, '')}`;
}

/** Returns only what was given, in GHL's form. Tags that are given replace all there were (GHL docs, contacts). */
function cleaned({ phone, email, tags, ...fields }: ContactInput) {
  return {
    ...(phone ? { phone: storedPhone(phone) } : {}),
    ...(email ? { email: email.toLowerCase() } : {}),
    ...(tags ? { tags } : {}),
    fields,
  };
}

function index(state: GhlState, contact: GhlContact, present: boolean): void {
  for (const field of IDENTITIES) {
    const key = `${contact.locationId}|${field}|${contact[field] ?? ''}`;
    const ids = state.contactIds.get(key) ?? new Set<string>();
    if (present) ids.add(contact.id);
    else ids.delete(contact.id);
    state.contactIds.set(key, ids);
  }
}

/** Creates a contact, whether or not it doubles another one. */
export function createContact(state: GhlState, locationId: string, input: ContactInput, id = newId()): GhlContact {
  const now = new Date(state.now()).toISOString();
  const contact: GhlContact = { id, locationId, tags: [], dateAdded: now, dateUpdated: now, ...cleaned(input) };
  state.contacts.set(id, contact);
  index(state, contact, true);
  state.watch.changed();
  return contact;
}

/** Changes what is given and leaves the rest. */
export function changeContact(state: GhlState, contact: GhlContact, input: ContactInput): GhlContact {
  const { fields, ...given } = cleaned(input);
  index(state, contact, false);
  Object.assign(contact, given, { dateUpdated: new Date(state.now()).toISOString() });
  const { dndSettings, ...others } = fields;
  Object.assign(contact.fields, others);
  // Channels that are not named keep their own (GHL docs, update contact).
  if (dndSettings !== undefined)
    contact.fields.dndSettings = { ...asObject(contact.fields.dndSettings), ...asObject(dndSettings) };
  index(state, contact, true);
  state.watch.changed();
  return contact;
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/** Deletes a contact, if there is one with this id; its conversation and messages stay. */
export function deleteContact(state: GhlState, id: string): void {
  const contact = state.contacts.get(id);
  if (contact === undefined) return;
  index(state, contact, false);
  state.contacts.delete(id);
  state.watch.changed();
}

/** Returns the oldest contact of a location with this phone, or else this e-mail address, and which of them matched. */
export function findContact(
  state: GhlState,
  locationId: string,
  input: Pick<ContactInput, Identity>,
): { contact: GhlContact; matchingField: Identity } | undefined {
  const wanted = cleaned({ phone: input.phone, email: input.email });
  for (const matchingField of IDENTITIES) {
    const value = wanted[matchingField];
    const [id] = value === undefined ? [] : (state.contactIds.get(`${locationId}|${matchingField}|${value}`) ?? []);
    const contact = id === undefined ? undefined : state.contacts.get(id);
    if (contact !== undefined) return { contact, matchingField };
  }
  return undefined;
}

/** Returns a contact as the API shows it. */
export function contactView({ fields, ...contact }: GhlContact): Record<string, unknown> {
  return { ...fields, ...contact };
}
