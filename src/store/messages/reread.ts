import { present } from '../../domain/present';
import type { Trx } from '../context';
import type { MessageRow, PartRow } from '../rows';

/** Returns a message as the transaction has left it so far; it is known to exist. */
export async function rereadMessage(trx: Trx, id: string): Promise<MessageRow> {
  return present(await trx<MessageRow>('messages').where({ id }).first(), 'a message');
}

/** Returns a part as the transaction has left it so far; it is known to exist. */
export async function rereadPart(trx: Trx, id: string): Promise<PartRow> {
  return present(await trx<PartRow>('message_parts').where({ id }).first(), 'a part');
}
