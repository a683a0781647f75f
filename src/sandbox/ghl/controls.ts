import type { Journal } from '../kit/journal';
import { parsed } from '../kit/parse';
import type { PostResult } from '../kit/poster';
import { agentSends, redeliver, type AgentMessage, type AgentSent } from './agent/messages';
import { createContact, deleteContact, type ContactInput } from './records/contacts';
import { postEvent, type AppEvent } from './agent/events';
import { faultSchema, type GhlFaultInput } from './faults';
import { changeSettings, settingsPatchSchema, type GhlSettings, type GhlSettingsPatch } from './settings';
import type { Tamper } from './agent/signing';
import { storeFile } from './routes/storage';
import type { GhlState } from './records/state';
import { SANDBOX_SCOPES } from './scopes';
import type { TokenPair } from './records/tokens';
import type {
  GhlContact,
  GhlConversation,
  GhlJournalEntry,
  GhlLocation,
  GhlMessage,
  GhlNote,
  GhlProvider,
  GhlTask,
} from './records/types';

/** What a test or a person can look at and do on the GHL side. */
export interface GhlControls {
  readonly settings: GhlSettings;
  readonly journal: Journal<GhlJournalEntry>;
  /** Changes some settings and leaves the rest. */
  configure(settings: GhlSettingsPatch): void;
  /** Returns the messages of one location or of all, oldest first. */
  messages(locationId?: string): GhlMessage[];
  message(messageId: string): GhlMessage | undefined;
  contacts(locationId?: string): GhlContact[];
  /** Returns the conversations of one location or of all, oldest first. */
  conversations(locationId?: string): GhlConversation[];
  /** Returns the internal notes of one location or of all, oldest first; likewise the tasks. */
  notes(locationId?: string): GhlNote[];
  tasks(locationId?: string): GhlTask[];
  addLocation(location: Partial<GhlLocation> & { id: string }): GhlLocation;
  /** Adds a conversation provider, or changes the one with this id. */
  addProvider(provider: Partial<GhlProvider> & { id: string }): GhlProvider;
  addContact(locationId: string, contact: ContactInput): GhlContact;
  /** Deletes or merges away: the API then answers 400 "Contact not found". */
  deleteContact(contactId: string): void;
  agentSends(message: AgentMessage): Promise<AgentSent>;
  /** Keeps a file in GHL's storage. Returns the path of its public address, behind this stand-in's own. */
  storeFile(name: string, bytes: Buffer, type: string): string;
  redeliver(messageId: string, tamper?: Tamper): Promise<PostResult>;
  postEvent(event: AppEvent): Promise<PostResult>;
  fault(fault: GhlFaultInput): void;
  clearFaults(): void;
  pendingFaults(): number;
  /** Returns a good token pair without the OAuth dance, for tests of single calls. */
  issueTokens(locationId: string): TokenPair;
  expireAccessTokens(resourceId: string): void;
  revokeTokens(resourceId: string): void;
  /** Resolves with the first truthy result of `probe`, asked at every change. Rejects with `sandbox_timeout`. */
  waitFor<T>(probe: () => T | undefined | null | false, timeoutMs?: number, what?: string): Promise<T>;
}

function addLocation(state: GhlState, given: Partial<GhlLocation> & { id: string }): GhlLocation {
  const location: GhlLocation = {
    companyId: 'sbx-company-1',
    name: `Sandbox ${given.id}`,
    country: 'MY',
    timezone: 'Asia/Kuala_Lumpur',
    allowDuplicates: false,
    ...given,
  };
  state.locations.set(location.id, location);
  return location;
}

function issueTokens(state: GhlState, locationId: string): TokenPair {
  const companyId = state.locations.get(locationId)?.companyId ?? '';
  return state.tokens.issue({ companyId, locationId, scope: SANDBOX_SCOPES }, state.now(), state.settings.expiresInS);
}

/** Returns the controls of a stand-in. */
export function createControls(state: GhlState): GhlControls {
  const of = <T extends { locationId: string }>(records: Map<string, T>, locationId?: string) =>
    [...records.values()].filter((one) => locationId === undefined || one.locationId === locationId);
  return {
    settings: state.settings,
    journal: state.journal,
    configure: (patch) => changeSettings(state.settings, parsed(settingsPatchSchema, patch)),
    messages: (locationId) => of(state.messages, locationId),
    message: (messageId) => state.messages.get(messageId),
    contacts: (locationId) => of(state.contacts, locationId),
    conversations: (locationId) => of(state.conversations, locationId),
    notes: (locationId) => of(state.notes, locationId),
    tasks: (locationId) => of(state.tasks, locationId),
    addLocation: (location) => addLocation(state, location),
    addProvider: (given) => {
      const provider: GhlProvider = { type: 'SMS', ...state.providers.get(given.id), ...given };
      state.providers.set(provider.id, provider);
      return provider;
    },
    addContact: (locationId, contact) => createContact(state, locationId, contact),
    deleteContact: (contactId) => deleteContact(state, contactId),
    agentSends: (message) => agentSends(state, message),
    storeFile: (name, bytes, type) => storeFile(state, name, bytes, type),
    redeliver: (messageId, tamper) => redeliver(state, messageId, tamper),
    postEvent: (event) => postEvent(state, event),
    fault: (fault) => state.faults.add(parsed(faultSchema, fault)),
    clearFaults: () => state.faults.clear(),
    pendingFaults: () => state.faults.pending.length,
    issueTokens: (locationId) => issueTokens(state, locationId),
    expireAccessTokens: (resourceId) => state.tokens.expire(resourceId, state.now()),
    revokeTokens: (resourceId) => state.tokens.revoke(resourceId),
    waitFor: (probe, timeoutMs, what) => state.watch.waitFor(probe, timeoutMs, what),
  };
}
