import type { Channel } from '../../src/domain/address';
import type { TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { openLine, type Line, type LineOptions } from './line';

/** WhatsApp, and a channel that is nothing like it: no pace, no echo, no receipts. */
const ADAPTERS: readonly (readonly [string, { gateway: string; channel: Channel }])[] = [
  ['WhatsApp', { gateway: 'waapify', channel: 'whatsapp' }],
  ['another channel', { gateway: 'test', channel: 'test' }],
];

/** Declares the same cases for both databases and two adapters; `open` opens a line of the adapter's. */
export function describeLines(
  name: string,
  cases: (ledger: () => TestStore, open: (options?: LineOptions) => Promise<Line>, channel: Channel) => void,
): void {
  for (const [adapter, line] of ADAPTERS) {
    describeStores(`${name}, by ${adapter}`, (ledger) =>
      cases(ledger, (options) => openLine(ledger(), { ...line, ...options }), line.channel),
    );
  }
}
