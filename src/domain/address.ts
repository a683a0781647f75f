/** An address is (channel, value), whatever the channel: WhatsApp numbers, e-mail addresses, chat handles. */
export type Channel = 'whatsapp' | 'email' | 'call' | 'vcx' | 'test';

export interface Address {
  channel: Channel;
  /**
   * WhatsApp: E.164 with the plus (`+60123456789`), a group its jid (`1203...@g.us`), somebody of whom only a hidden
   * identity is known `digits@lid`, which nothing can be sent to. Other channels: their own form.
   */
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

/** Returns the address of a hidden identity, given its digits: they are no phone number, hence never have a plus. */
export function lidAddress(lid: string): Address {
  return { channel: 'whatsapp', value: `${lid}@lid` };
}

/** Returns the digits of an address that is a hidden identity, null for every other address. */
export function lidOf({ channel, value }: Address): string | null {
  return channel === 'whatsapp' && value.endsWith('@lid') ? value.slice(0, -'@lid'.length) : null;
}
