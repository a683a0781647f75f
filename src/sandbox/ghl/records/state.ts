import { randomBytes } from 'node:crypto';
import { FaultList } from '../../kit/faults';
import { Journal, Watch } from '../../kit/journal';
import { Poster } from '../../kit/poster';
import { Timers } from '../../kit/timers';
import type { SigningKey } from '../agent/signing';
import type { GhlFault } from '../faults';
import type { GhlSettings } from '../settings';
import type { TokenStore } from './tokens';
import type {
  GhlContact,
  GhlConversation,
  GhlJournalEntry,
  GhlLocation,
  GhlMessage,
  GhlNote,
  GhlProvider,
  GhlTask,
} from './types';

/** What a Delivery post was made of, kept so that it can be posted again byte for byte. */
export interface StoredPost {
  url: string;
  bytes: Buffer;
}

/** The calls of one location in its current windows; times in epoch milliseconds. */
export interface RateWindow {
  intervalStart: number;
  intervalCount: number;
  dayStart: number;
  dayCount: number;
}

/** Everything that one stand-in GHL knows. */
export interface GhlState {
  /** The clock, epoch milliseconds; tests may move it. */
  now: () => number;
  settings: GhlSettings;
  clientId: string;
  clientSecret: string;
  /** Registered redirect addresses; empty: every one is taken. */
  redirectUris: readonly string[];
  /** Where app events (INSTALL, ...) are posted; none when absent. */
  webhookUrl: string | undefined;
  key: SigningKey;
  tokens: TokenStore;
  locations: Map<string, GhlLocation>;
  providers: Map<string, GhlProvider>;
  contacts: Map<string, GhlContact>;
  /** Ids by `location|phone|...` and `location|email|...`. */
  contactIds: Map<string, Set<string>>;
  notes: Map<string, GhlNote>;
  tasks: Map<string, GhlTask>;
  conversations: Map<string, GhlConversation>;
  /** By contact id. */
  conversationIds: Map<string, string>;
  messages: Map<string, GhlMessage>;
  posts: Map<string, StoredPost>;
  /** What agents attached, by its id. */
  files: Map<string, { bytes: Buffer; type: string }>;
  rates: Map<string, RateWindow>;
  journal: Journal<GhlJournalEntry>;
  faults: FaultList<GhlFault>;
  watch: Watch;
  timers: Timers;
  poster: Poster;
}

/** The parts of a state that start empty. */
export function emptyRecords() {
  return {
    locations: new Map<string, GhlLocation>(),
    providers: new Map<string, GhlProvider>(),
    contacts: new Map<string, GhlContact>(),
    contactIds: new Map<string, Set<string>>(),
    notes: new Map<string, GhlNote>(),
    tasks: new Map<string, GhlTask>(),
    conversations: new Map<string, GhlConversation>(),
    conversationIds: new Map<string, string>(),
    messages: new Map<string, GhlMessage>(),
    posts: new Map<string, StoredPost>(),
    files: new Map<string, { bytes: Buffer; type: string }>(),
    rates: new Map<string, RateWindow>(),
    journal: new Journal<GhlJournalEntry>(),
    faults: new FaultList<GhlFault>(),
    watch: new Watch(),
    timers: new Timers(),
    poster: new Poster(),
  };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Returns a new id of GHL's shape: twenty letters and digits. */
export function newId(): string {
  return Array.from(randomBytes(20), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
