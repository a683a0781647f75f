/** An address is (channel, value), whatever the channel: WhatsApp numbers, e-mail addresses, chat handles. */
export type Channel = 'whatsapp' | 'email' | 'call' | 'vcx' | 'test';

export interface Address {
  channel: Channel;
  /** WhatsApp: E.164 with the plus (`+60123456789`), a group its jid (`1203...@g.us`). Other channels: their own form. */
  value: string;
}

/** Returns the canonical text of an address, the input of its keyed hash: `whatsapp|+60123456789`. */
export function addressText(address: Address): string {
  return `${address.channel}|${address.value}`;
}

/** Returns whether an address is a WhatsApp group: no receipts come from one. */
export function isGroup({ channel, value }: Address): boolean {
  return channel === 'whatsapp' && value.endsWith('@g.us');
}
