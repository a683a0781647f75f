import type { Content } from '../../domain/content';
import type { StoreContext } from '../context';
import type { EchoRow } from '../rows';
import type { EchoInput } from './echoes';

/**
 * Returns whether an echo that comes once more says what the first post of it did not: the words that could not be read
 * then, or the file, which a host may leave out of one of its dialects. Of what proves a send already nothing is missed.
 */
export function tellsMore({ crypto }: StoreContext, known: EchoRow, { content, standIn }: EchoInput): boolean {
  if (known.part_id !== null || standIn !== undefined) return false;
  if (known.stand_in !== null) return true;
  if (content.file === undefined) return false;
  const { file } = JSON.parse(crypto.open(known.content_sealed, `echoes/${known.id}/content`)) as Content;
  return file === undefined;
}

/**
 * Returns what of an echo is not changed by its fuller form: when it came, and that it was typed on the phone. Where only
 * a stand-in was shown so far, the words themselves are still to be told from a send.
 */
export function whatStays(known: EchoRow, { to }: EchoInput): Partial<EchoRow> {
  const { received_at, stand_in, own, address_key, address_sealed } = known;
  return {
    received_at,
    own: stand_in === null ? own : 0,
    ...(to === null ? { address_key, address_sealed } : {}),
  };
}
