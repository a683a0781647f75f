import { kind, type ContentKind } from './kind';

/** What the engine passes on and nobody has said. */
const SILENT: Record<string, string> = {
  protocolMessage: 'protocol message',
  /** Its pictures follow, each as a message of its own. */
  albumMessage: 'album',
  pinInChatMessage: 'pin',
  keepInChatMessage: 'keep',
  /** The offer of a group's call; its end comes as a call that was missed. */
  call: 'call',
  callLogMesssage: 'call log',
  encReactionMessage: 'encrypted reaction',
  messageHistoryBundle: 'history',
  stickerSyncRmrMessage: 'sticker sync',
};

/** Kinds that are understood and left out, by the word that says why. */
export const SILENCE: readonly ContentKind[] = Object.entries(SILENT).map(([field, ignored]) =>
  kind(field, () => ({ ignored })),
);
