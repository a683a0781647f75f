import type { ContactRow } from '../contacts';
import type { Trx } from '../context';
import type { MessageRow } from '../rows';

/**
 * Remembers under which provider a contact was written to last: what it writes is posted under the same. A contact that
 * is known already stays who it is. Changes nothing where no provider sent it, or it goes to no address.
 */
export async function rememberExchange(trx: Trx, message: MessageRow, now: number): Promise<void> {
  const { location_id, address_key, contact_id, provider_id } = message;
  if (address_key === null || contact_id === null || provider_id === null) return;
  const name = { location_id, address_key };
  const known = await trx<ContactRow>('contacts').where(name).first('provider_id');
  if (known?.provider_id === provider_id) return;
  const row: ContactRow = { ...name, contact_id, conversation_id: null, provider_id, updated_at: now };
  await trx<ContactRow>('contacts')
    .insert(row)
    .onConflict(['location_id', 'address_key'])
    .merge({ provider_id, updated_at: now });
}
