import type { GhlAccess } from './access';
import type { GhlHttp } from './http';
import { CORE_VERSION } from './operations';
import { pathId } from './pathId';

/** Whether a contact wants messages on our channel, in GHL's words for it. */
export interface Dnd {
  /** False: the contact wants messages again. */
  active: boolean;
  /** Shown beside it in GHL. */
  message: string;
  code: string;
}

export interface DndApi {
  /**
   * Sets "do not disturb" of a contact for SMS, which is GHL's channel for our provider, and touches nothing else of
   * the contact (GHL docs, update contact: tags that are sent replace all there are). Setting it twice does no harm.
   * Throws `ghl_contact_gone` and the general codes.
   */
  setDnd(access: GhlAccess, contactId: string, dnd: Dnd): Promise<void>;
}

/** Returns the endpoint for "do not disturb". */
export function createDndApi(http: GhlHttp): DndApi {
  return {
    async setDnd(access, contactId, { active, message, code }) {
      const sms = { status: active ? 'active' : 'inactive', message, code };
      // The answer is not read: the whole contact stands in it, and none of it is of use here.
      await http.request({
        operation: 'contact.update',
        method: 'PUT',
        path: `/contacts/${pathId(contactId)}`,
        version: CORE_VERSION,
        access,
        json: { dndSettings: { SMS: sms } },
      });
    },
  };
}
