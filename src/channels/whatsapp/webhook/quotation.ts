import { oneLine, quotationLine } from '../../../domain/quotation';
import { at, record, type JsonRecord } from '../json';
import { gatewayIdOf } from './gatewayId';
import type { Said } from './kinds/kind';

/** The message that this one answers, and how it is shown above the answer. */
export interface Quotation {
  replyTo?: string;
  quotation?: string;
}

/** Returns what a message quotes: its context stands beside the words of whichever kind the answer is. */
export function quotationOf(message: JsonRecord, read: (quoted: unknown) => Said | undefined): Quotation {
  for (const node of Object.values(message)) {
    const replyTo = gatewayIdOf({ id: at(node, 'contextInfo', 'stanzaId') });
    if (replyTo === undefined) continue;
    const quoted = read(record(at(node, 'contextInfo', 'quotedMessage')));
    const line = oneLine(quoted?.brief ?? quoted?.words ?? '');
    return { replyTo, ...(line === '' ? {} : { quotation: quotationLine(line) }) };
  }
  return {};
}
