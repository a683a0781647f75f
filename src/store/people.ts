import type { Bind } from './bind';
import * as chats from './chats';
import * as contacts from './contacts';
import * as identities from './identities';
import * as identityMerges from './identityMerges';
import * as moveMessages from './messages/moveMessages';

/** Returns the calls about who people are: their contacts in GHL, their hidden identities, groups. */
export function peopleCalls(bind: Bind) {
  return {
    contacts: {
      find: bind(contacts.findContact),
      remember: bind(contacts.rememberContact),
      forget: bind(contacts.forgetContact),
      keyOf: bind(contacts.contactKeyOf),
    },
    chats: {
      nameGroup: bind(chats.nameGroup),
      groupName: bind(chats.groupName),
      ofContact: bind(chats.chatOfContact),
    },
    identities: {
      learn: bind(identities.learnPairs),
      phoneOf: bind(identities.phoneOfLid),
      takeDueMerges: bind(identityMerges.takeDueMerges),
      postponeMerge: bind(identityMerges.postponeMerge),
      finishMerge: bind(identityMerges.finishMerge),
      beginMove: bind(moveMessages.beginMove),
      readMove: bind(moveMessages.readMove),
    },
  };
}
