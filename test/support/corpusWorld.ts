import { Readable } from 'node:stream';
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { createInboundFileActivities } from '../../activities/inboundFile';
import { createInboundMessageActivities } from '../../activities/inboundMessage';
import { createTokenProofs } from '../../activities/tokenProofs';
import { parseWebhook } from '../../src/channels/whatsapp/webhook';
import type { MessageArgs } from '../../src/domain/workflowTypes';
import { createGhlClient } from '../../src/ghl/client';
import type { KeptMedia, Media } from '../../src/media/media';
import { startSandboxGhl, type GhlContact, type SandboxGhl } from '../../src/sandbox/ghl';
import { CORPUS_CONNECTED, type CorpusPost } from './corpusPosts';
import { connected } from './gatewayPosts';
import { startHttpApp, type HttpApp } from './httpApp';
import { CORPUS_INSTANCE, CORPUS_NOW } from './inboundCorpus';

/** What stands in GHL after a body. */
interface Shown {
  /** In the order in which GHL got them. */
  posts: CorpusPost[];
  /** Everybody whom GHL knows, by phone or else by name. */
  contacts: string[];
}

/** The way of a webhook body through the bridge to the stand-in GHL, without Temporal. */
export interface CorpusWorld {
  /** Posts a body for a number of a new location, does what is accepted of it, and returns what GHL shows. */
  shownAfter(raw: Buffer, groups?: boolean): Promise<Shown>;
  close(): Promise<void>;
}

/** The default one of the HTTP app's providers. */
const PROVIDER = 'provider-sms';

const BYTES = Buffer.from('a picture');
const KEPT: KeptMedia = {
  mediaId: 'media_1',
  kind: 'image',
  name: 'file.jpg',
  type: 'image/jpeg',
  bytes: BYTES.length,
  sha256: 'aa',
};
/** Every file is there: how one is fetched, decrypted and converted is for the tests of the media service. */
const MEDIA = {
  take: () => Promise.resolve(KEPT),
  openKept: () => Promise.resolve({ ...KEPT, read: () => Readable.from([BYTES]) }),
} as Partial<Media> as Media;

/** All that these activities ask of Temporal. */
const BEATING: Pick<Context, 'heartbeat'> = { heartbeat: () => undefined };

/** Opens one; it is closed by its caller. */
export async function openCorpusWorld(): Promise<CorpusWorld> {
  const ghl = await startSandboxGhl({ locations: [], providers: [{ id: PROVIDER }] });
  const client = createGhlClient({ apiUrl: ghl.url, clientId: ghl.clientId, clientSecret: ghl.clientSecret });
  const gateway = { parseWebhook: readAtCorpusNow };
  const http = await startHttpApp({ ghl: client, gateway });
  const run = runOf(http);
  let locations = 0;
  return {
    shownAfter: async (raw, groups = false) => {
      const locationId = `location-${++locations}`;
      const secret = await connectNumber(http, ghl, locationId, groups);
      const { status } = await fetch(`${http.ingress}/waapify/webhooks/${secret}`, { method: 'POST', body: raw });
      expect(status).toBe(200);
      await http.applied();
      for (const { messageId } of http.started.splice(0)) await run({ v: 1, locationId, messageId });
      return shownIn(ghl, locationId);
    },
    close: async () => {
      await Promise.all([http.close(), client.close()]);
      await ghl.stop();
    },
  };
}

function readAtCorpusNow(endpoint: { instanceId: string }, raw: Buffer): ReturnType<typeof parseWebhook> {
  return parseWebhook(endpoint, raw, CORPUS_NOW);
}

/** Installs a location and connects its number, long ago. Returns the secret of the address that the gateway posts to. */
async function connectNumber(http: HttpApp, ghl: SandboxGhl, locationId: string, groups: boolean): Promise<string> {
  const { store } = http.app;
  ghl.addLocation({ id: locationId });
  const { accessToken, refreshToken, expiresInS, scope: tokenScope } = ghl.issueTokens(locationId);
  const grant = { accessToken, refreshToken, expiresInS, scope: tokenScope };
  await store.installations.install({ locationId }, { companyId: null, grant });
  const { connectionId, secret, scope } = await connected(http, locationId, CORPUS_INSTANCE);
  await store.connections.changeSettings(scope, connectionId, { groups });
  await http.db.knex('connections').where({ id: connectionId }).update({ created_at: CORPUS_CONNECTED });
  return secret;
}

/** Returns how a message is run to its end, as its workflow does it. */
function runOf(http: HttpApp): (args: MessageArgs) => Promise<void> {
  const deps = {
    app: { ...http.app, media: MEDIA },
    draining: new AbortController().signal,
    proofs: createTokenProofs(),
    standingOfRun: () => Promise.reject(new Error('Nothing is asked of Temporal here.')),
  };
  const { postInbound } = createInboundMessageActivities(deps);
  const { fetchInboundFile } = createInboundFileActivities(deps);
  const toItsEnd = async (args: MessageArgs): Promise<void> => {
    const first = await postInbound(args);
    if (first.kind === 'out') return;
    expect(first.reason).toBe('file_coming');
    await fetchInboundFile(args);
    expect(await postInbound(args)).toMatchObject({ kind: 'out' });
  };
  return (args) => asyncLocalStorage.run(BEATING as Context, () => toItsEnd(args));
}

function shownIn(ghl: SandboxGhl, locationId: string): Shown {
  const names = new Map(ghl.contacts(locationId).map((contact) => [contact.id, nameOf(contact)]));
  const posts = ghl.messages(locationId).map((message): CorpusPost => {
    expect(message).toMatchObject({ type: 'SMS', conversationProviderId: PROVIDER });
    const { body, altId = '', dateAdded: date, direction, contactId, attachments } = message;
    const isFile = attachments.length === 1 && attachments[0]!.startsWith(ghl.url);
    expect(isFile || attachments.length === 0).toBe(true);
    const post = { message: body, altId, date, direction, contact: names.get(contactId)! };
    return isFile ? { ...post, attachments: 'file' } : post;
  });
  return { posts, contacts: [...names.values()] };
}

function nameOf({ phone, fields }: GhlContact): string {
  return phone ?? (fields.name as string);
}
