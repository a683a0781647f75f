import { z } from 'zod';
import { DomainError } from '../domain/errors';
import type { GhlAccess } from './access';
import { property } from './body';
import type { GhlAnswer, GhlHttp } from './http';
import { CORE_VERSION } from './operations';
import { pathId } from './pathId';
import { maybe, maybeFlag, needed, readAnswer } from './shapes';

export interface ContactInput {
  locationId: string;
  /** E.164 with the plus. */
  phone: string;
  /** Given to a new contact only. */
  name?: string;
}

export interface Contact {
  contactId: string;
  locationId: string | null;
  name: string | null;
  phone: string | null;
  /** True: the contact wants no messages, in general or as SMS, which is GHL's channel for our provider. */
  dnd: boolean;
  tags: string[];
}

export interface ContactsApi {
  /**
   * Returns the contact with this phone, made when there is none. It never writes to a contact that exists: GHL's own
   * upsert would overwrite the name that agents gave it, and its tags. Throws the general codes.
   */
  upsertContact(access: GhlAccess, input: ContactInput): Promise<{ contactId: string; isNew: boolean }>;
  /** Returns the id of the contact with this phone (E.164 with the plus), or null. Throws the general codes. */
  findContact(access: GhlAccess, input: Pick<ContactInput, 'locationId' | 'phone'>): Promise<string | null>;
  /**
   * Makes a contact without a phone and returns its id. GHL has nothing by which it could be found again: after a lost
   * answer a repetition makes another one. Throws the general codes.
   */
  createContact(access: GhlAccess, input: { locationId: string; name: string }): Promise<string>;
  /**
   * Gives a contact a phone, and changes nothing else of it. Returns the id of another contact when that one has the
   * phone and the location allows it only once, otherwise null. Throws `ghl_contact_gone` and the general codes.
   */
  setContactPhone(access: GhlAccess, contactId: string, phone: string): Promise<string | null>;
  /** Returns a contact; throws `ghl_contact_gone` when it was merged or deleted. */
  getContact(access: GhlAccess, contactId: string): Promise<Contact>;
}

const idShape = z.object({ id: needed });
const createdShape = z.object({ contact: idShape });
const dndShape = z
  .object({ SMS: z.object({ status: maybe }) })
  .optional()
  .catch(undefined);
const contactShape = z.object({
  contact: z.object({
    id: needed,
    locationId: maybe,
    name: maybe,
    firstName: maybe,
    lastName: maybe,
    phone: maybe,
    dnd: maybeFlag,
    dndSettings: dndShape,
    tags: z.array(z.string()).optional().catch(undefined),
  }),
});

/** Returns the contact endpoints. */
export function createContactsApi(http: GhlHttp): ContactsApi {
  return {
    async upsertContact(access, input) {
      const known = await findByPhone(http, access, input);
      if (known !== null) return { contactId: known, isNew: false };
      try {
        return await create(http, access, input);
      } catch (error) {
        // GHL has been seen to refuse a new contact with 422 and to make it all the same.
        const made = isRejection(error) ? await findByPhone(http, access, input) : null;
        if (made === null) throw error;
        return { contactId: made, isNew: true };
      }
    },

    findContact: (access, input) => findByPhone(http, access, input),

    createContact: async (access, input) => (await create(http, access, input)).contactId,

    async setContactPhone(access, contactId, phone) {
      const answer = await http.request({
        operation: 'contact.update',
        method: 'PUT',
        path: `/contacts/${pathId(contactId)}`,
        version: CORE_VERSION,
        access,
        json: { phone },
        tolerate: (refused) => duplicateOf(refused) !== undefined,
      });
      return duplicateOf(answer) ?? null;
    },

    async getContact(access, contactId) {
      const path = `/contacts/${pathId(contactId)}`;
      const request = { operation: 'contact.get', method: 'GET', path, version: CORE_VERSION, access } as const;
      const { contact } = readAnswer('contact.get', contactShape, await http.request(request));
      const fullName = [contact.firstName, contact.lastName].filter((part) => part !== undefined).join(' ');
      return {
        contactId: contact.id,
        locationId: contact.locationId ?? null,
        name: contact.name ?? (fullName === '' ? null : fullName),
        phone: contact.phone ?? null,
        dnd: contact.dnd === true || ['active', 'permanent'].includes(contact.dndSettings?.SMS.status ?? ''),
        tags: contact.tags ?? [],
      };
    },
  };
}

/** GHL does not document the answer: `{contact}` or `{contact: null}` in the field; a list and a 404 are taken too. */
async function findByPhone(
  http: GhlHttp,
  access: GhlAccess,
  input: Pick<ContactInput, 'locationId' | 'phone'>,
): Promise<string | null> {
  const answer = await http.request({
    operation: 'contact.find',
    method: 'GET',
    path: '/contacts/search/duplicate',
    version: CORE_VERSION,
    access,
    query: { locationId: input.locationId, number: input.phone },
    tolerate: ({ status }) => status === 404,
  });
  const contacts = property(answer.body, 'contacts');
  const found = property(answer.body, 'contact') ?? (Array.isArray(contacts) ? (contacts[0] as unknown) : undefined);
  const read = idShape.safeParse(found);
  return answer.status !== 404 && read.success ? read.data.id : null;
}

async function create(
  http: GhlHttp,
  access: GhlAccess,
  { locationId, phone, name }: Pick<ContactInput, 'locationId' | 'name'> & { phone?: string },
) {
  const given = name?.trim() === '' ? undefined : name?.trim();
  const answer = await http.request({
    operation: 'contact.create',
    method: 'POST',
    path: '/contacts/',
    version: CORE_VERSION,
    access,
    json: { locationId, phone, name: given },
    tolerate: (refused) => duplicateOf(refused) !== undefined,
  });
  const duplicate = duplicateOf(answer);
  if (duplicate !== undefined) return { contactId: duplicate, isNew: false };
  return { contactId: readAnswer('contact.create', createdShape, answer).contact.id, isNew: true };
}

/** Returns the contact that a 400 names as already there (`meta.contactId`, observed), or undefined. */
function duplicateOf({ status, body }: GhlAnswer): string | undefined {
  const contactId = property(property(body, 'meta'), 'contactId');
  return status === 400 && typeof contactId === 'string' && contactId !== '' ? contactId : undefined;
}

function isRejection(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'ghl_rejected';
}
