/** What a WhatsApp id (jid) names. `lid` is a hidden identity whose digits are not a phone number. */
export type JidKind = 'person' | 'lid' | 'group' | 'status' | 'broadcast' | 'newsletter' | 'unknown';

const KIND_BY_SERVER = new Map<string, JidKind>([
  ['s.whatsapp.net', 'person'],
  ['c.us', 'person'],
  ['hosted', 'person'],
  ['lid', 'lid'],
  ['hosted.lid', 'lid'],
  ['g.us', 'group'],
  ['broadcast', 'broadcast'],
  ['newsletter', 'newsletter'],
]);

/** digits, then an agent mark `_N` and a device mark `:N` that name one of a person's devices, not another person. */
const USER = /^(\d{5,15})(?:_\d+)?(?::\d+)?$/;

/** Returns what the jid names, by its server part: `60123456789:12@s.whatsapp.net` is a person. */
export function classifyJid(jid: string): JidKind {
  if (jid === 'status@broadcast') return 'status';
  return KIND_BY_SERVER.get(jid.slice(jid.indexOf('@') + 1)) ?? 'unknown';
}

/**
 * Returns the phone number of a person's jid, `+60123456789` for `60123456789:12@s.whatsapp.net`; null for every other
 * kind. The digits of an `@lid` are never taken for a number: doing so would write to a stranger.
 */
export function jidToPhone(jid: string): string | null {
  const digits = classifyJid(jid) === 'person' ? userOf(jid) : undefined;
  return digits === undefined ? null : `+${digits}`;
}

/** Returns the lid without its device mark (`2756...@lid`), null when the jid is not one. */
export function jidToLid(jid: string): string | null {
  const user = classifyJid(jid) === 'lid' ? userOf(jid) : undefined;
  return user === undefined ? null : `${user}@lid`;
}

function userOf(jid: string): string | undefined {
  return USER.exec(jid.slice(0, jid.indexOf('@')))?.[1];
}
