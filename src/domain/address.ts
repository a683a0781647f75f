/** An address is (channel, value), whatever the channel: WhatsApp numbers, e-mail addresses, chat handles. */
export type Channel = 'whatsapp' | 'email' | 'call' | 'vcx' | 'test';

export interface Address {
  channel: Channel;
  /** WhatsApp: E.164 with the plus (`+60123456789`). Other channels: their own canonical form. */
  value: string;
}

/** Returns the canonical text of an address, the input of its keyed hash: `whatsapp|+60123456789`. */
export function addressText(address: Address): string {
  return `${address.channel}|${address.value}`;
}
