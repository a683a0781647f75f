import { addressOf } from './line';
import { VICTIM_GROUP, VICTIM_LID, VICTIM_NUMBER, victimIdentity } from './tenancyPeople';
import { NOT_FOUND, type Attack } from './tenancyVictim';

/** The calls about who people are: hidden identities, groups. */
export const PEOPLE_ATTACKS: Record<string, Attack> = {
  'identities.learn': {
    call: ({ store }, { line }, s) =>
      store.identities.learn(s, line.connectionId, [{ lid: VICTIM_LID, phone: addressOf('forged') }]),
    gets: NOT_FOUND,
  },
  'identities.phoneOf': {
    call: ({ store }, { line }, s) => store.identities.phoneOf(s, line.connectionId, VICTIM_LID),
    gets: null,
  },
  'identities.postponeMerge': {
    call: async (ledger, { line }, s) =>
      ledger.store.identities.postponeMerge(s, await victimIdentity(ledger, line), { ms: 1e9, tries: 9 }),
    gets: undefined,
  },
  'identities.finishMerge': {
    call: async (ledger, { line }, s) =>
      ledger.store.identities.finishMerge(s, await victimIdentity(ledger, line), null),
    gets: NOT_FOUND,
  },
  'identities.beginMove': {
    call: async (ledger, { line }, s) =>
      ledger.store.identities.beginMove(s, await victimIdentity(ledger, line), 'c-hidden'),
    gets: NOT_FOUND,
  },
  'identities.readMove': {
    call: async (ledger, { line }, s) => ledger.store.identities.readMove(s, await victimIdentity(ledger, line)),
    gets: NOT_FOUND,
  },
  'connections.ofNumber': { call: ({ store }, _v, s) => store.connections.ofNumber(s, VICTIM_NUMBER), gets: [] },
  'chats.nameGroup': {
    call: ({ store }, { line }, s) => store.chats.nameGroup(s, line.connectionId, VICTIM_GROUP, 'Forged'),
    gets: NOT_FOUND,
  },
  'chats.groupName': { call: ({ store }, _v, s) => store.chats.groupName(s, VICTIM_GROUP), gets: null },
  'chats.ofContact': { call: ({ store }, _v, s) => store.chats.ofContact(s, 'c-group'), gets: null },
};
