import type { GatewayCapabilities } from '../channels/gateway';
import { createBlindIndex } from '../crypto/blindIndex';
import type { Cipher } from '../crypto/cipher';
import { deriveKey } from '../crypto/keyRing';
import type { LaneDefaults } from '../domain/laneRules';
import * as backlogs from './alerts/backlogs';
import * as alertReconcile from './alerts/reconcile';
import * as alertTells from './alerts/tells';
import * as audit from './audit';
import { binderOf } from './bind';
import type { ColumnCrypto, StoreContext, StoreTimings } from './context';
import type { Db } from './db';
import * as erase from './erase';
import * as exportData from './exportData';
import * as externalAuth from './externalAuth';
import * as externalAuthBind from './externalAuthBind';
import * as externalAuthDefaults from './externalAuthDefaults';
import * as externalAuthForget from './externalAuthForget';
import * as exportMessages from './exportMessages';
import * as ghlBudget from './ghlBudget';
import * as installations from './installations';
import * as installationEvents from './installations/events';
import * as installationReconcile from './installations/reconcile';
import * as installationSteps from './installations/steps';
import * as lanes from './lanes';
import * as leases from './leases';
import * as locationSettings from './locationSettings';
import * as locations from './locations';
import * as media from './media';
import * as accept from './messages/accept';
import * as acceptInbound from './messages/acceptInbound';
import * as cancel from './messages/cancel';
import * as claim from './messages/claim';
import * as echoes from './messages/echoes';
import * as inboundFile from './messages/inboundFile';
import * as outcome from './messages/outcome';
import * as ownPhone from './messages/ownPhone';
import * as posted from './messages/posted';
import * as prepared from './messages/prepared';
import * as read from './messages/read';
import * as receipts from './messages/receipts';
import * as sweep from './messages/sweep';
import * as tell from './messages/tell';
import * as standsInGhl from './messages/standsInGhl';
import * as words from './messages/wordsOf';
import { migrate } from './migrate';
import * as oauthStates from './oauthStates';
import { numberCalls } from './numberCalls';
import { peopleCalls } from './people';
import * as receiptLearning from './receiptLearning';
import { reconcileCalls } from './reconcile/calls';
import * as retention from './retention';
import * as resend from './resends/resend';
import * as moveToConnection from './routing/moveToConnection';
import * as routeByTags from './routing/routeByTags';
import { rotateKeys } from './sealedColumns';
import * as sessions from './sessions';
import * as tokenRefresh from './tokenRefresh';
import * as tokens from './tokens';
import * as tokensDue from './tokensDue';
import { indexKey } from './vault';
import * as webhookPosts from './webhookPosts';

export interface StoreOptions {
  timings: StoreTimings;
  /** The rules of every lane, where neither its number nor its location has its own. */
  rules: LaneDefaults;
  /** What each gateway can do, by its name. */
  capabilities: (gateway: string) => GatewayCapabilities;
  /** What becomes of a file that can not be sent, where its connection does not say; `fail` when absent. */
  mediaFallback?: 'fail' | 'link';
  /** In [0, 1): the jitter of gaps; Math.random unless a test fixes it. */
  random?: () => number;
}

/** The store: every noun's calls, each scoped by its tenant. Made once, by main. */
export type Store = Awaited<ReturnType<typeof createStore>>;

/** Brings the schema up to date and returns the store over it. Closing it closes the database. */
export async function createStore(db: Db, cipher: Cipher, options: StoreOptions) {
  await migrate(db);
  const vaultKey = await indexKey(db, cipher);
  const index = createBlindIndex(vaultKey);
  const crypto: ColumnCrypto = { seal: cipher.seal, open: cipher.open, index: index.index };
  const ctx: StoreContext = { db, crypto, random: Math.random, mediaFallback: 'fail', ...options };
  const bind = binderOf(ctx);
  return {
    locations: {
      get: bind(locations.getLocation),
      describe: bind(locations.describeLocation),
      changeSettings: bind(locationSettings.changeLocationSettings),
    },
    installations: {
      install: bind(installations.installLocation),
      installCompany: bind(installations.installCompany),
      installFromCompany: bind(installations.installFromCompany),
      setState: bind(installations.setLocationState),
      holdForToken: bind(installations.holdForToken),
      list: bind(installationReconcile.listInstallations),
      progress: bind(installationReconcile.companyProgress),
      markForReconcile: bind(installationReconcile.markForReconcile),
      get: bind(installationSteps.getInstallation),
      beginStep: bind(installationSteps.beginStep),
      endStep: bind(installationSteps.endStep),
      recordPage: bind(installationSteps.recordPage),
      dueOfCompany: bind(installationSteps.dueOfCompany),
      overdue: bind(installationSteps.overdueSteps),
      name: bind(installationSteps.nameLocation),
    },
    appEvents: { apply: bind(installationEvents.applyEvent), expire: bind(installationEvents.expireEvents) },
    oauthStates: {
      take: bind(oauthStates.takeState),
      expire: bind(oauthStates.expireStates),
      /** Signs the states of installations. Like the keyed hashes' key it outlives a rotation of the key ring. */
      key: () => deriveKey(vaultKey, 'oauth-state'),
    },
    tokens: {
      read: bind(tokens.readAccessToken),
      beginRefresh: bind(tokenRefresh.beginRefresh),
      finishRefresh: bind(tokenRefresh.finishRefresh),
      companyOf: bind(tokenRefresh.companyOf),
      takeDue: bind(tokensDue.takeDueTokens),
    },
    ...numberCalls(bind),
    ...reconcileCalls(bind),
    externalAuth: {
      keep: bind(externalAuth.keepCredentials),
      keepDefault: bind(externalAuthDefaults.keepDefault),
      defaultOf: bind(externalAuthDefaults.defaultOf),
      markConnected: bind(externalAuthBind.markConnected),
      heldOf: bind(externalAuthBind.heldOf),
      expire: bind(externalAuthForget.expireExternalAuth),
    },
    messages: {
      acceptOutbound: bind(accept.acceptOutbound),
      acceptInbound: bind(acceptInbound.acceptInbound),
      claimPart: bind(claim.claimPart),
      recordPrepared: bind(prepared.recordPrepared),
      failPreparation: bind(prepared.failPreparation),
      deferPreparation: bind(prepared.deferPreparation),
      postponePreparation: bind(prepared.postponePreparation),
      recordOutcome: bind(outcome.recordOutcome),
      recordPosted: bind(posted.recordPosted),
      cancel: bind(cancel.cancelMessage),
      resend: bind(resend.resendMessage),
      routeByTags: bind(routeByTags.routeByTags),
      moveToConnection: bind(moveToConnection.moveToConnection),
      recordEcho: bind(echoes.recordEcho),
      dueOwn: bind(ownPhone.dueOwn),
      takeOwn: bind(ownPhone.takeOwn),
      recordReceipt: bind(receipts.recordReceipt),
      applyReceipts: bind(receipts.applyReceipts),
      lifecycle: bind(tell.readLifecycle),
      markTold: bind(tell.markTold),
      giveUpTelling: bind(tell.giveUpTelling),
      findByKey: bind(read.findByKey),
      wordsOf: bind(words.wordsOf),
      hasGhlMessage: bind(standsInGhl.hasGhlMessage),
      wasAskedSince: bind(standsInGhl.wasAskedSince),
    },
    sweep: {
      overdue: bind(sweep.overdueMessages),
      postpone: bind(sweep.postponeSweep),
      leftWakes: bind(sweep.leftWakes),
      untold: bind(sweep.untoldMessages),
      unmatchedReceipts: bind(receipts.unmatchedReceipts),
    },
    lanes: { clearWake: bind(lanes.clearWake) },
    posts: {
      store: bind(webhookPosts.storePost),
      settle: bind(webhookPosts.settlePost),
      takeDue: bind(webhookPosts.takeDuePosts),
      olderThan: bind(webhookPosts.olderPosts),
    },
    inboundFiles: {
      wanted: bind(inboundFile.wantedFile),
      record: bind(inboundFile.recordFile),
      noteAddress: bind(inboundFile.noteFileAddress),
      lose: bind(inboundFile.loseFile),
    },
    media: {
      find: bind(media.findMedia),
      keep: bind(media.keepMedia),
      keepLonger: bind(media.keepMediaLonger),
      findSigned: bind(media.findSignedMedia),
      standings: bind(media.mediaStandings),
      expire: bind(media.expireMedia),
      /** Signs the addresses of files. Like the keyed hashes' key it outlives a rotation of the key ring. */
      addressKey: () => deriveKey(vaultKey, 'media-address'),
    },
    ...peopleCalls(bind),
    erasure: {
      unfinished: bind(erase.unfinishedOf),
      erase: bind(erase.eraseSubject),
      locationsOf: bind(erase.locationsOfContact),
      expire: bind(retention.eraseExpired),
    },
    exports: {
      messages: bind(exportMessages.exportMessages),
      others: bind(exportData.exportOthers),
    },
    ghlBudget: {
      lease: bind(ghlBudget.leaseRequests),
      close: bind(ghlBudget.closeBudget),
      lower: bind(ghlBudget.lowerBudget),
    },
    alerts: {
      learnReceipts: bind(receiptLearning.learnReceipts),
      lookForBacklogs: bind(backlogs.lookForBacklogs),
      reconcile: bind(alertReconcile.reconcileAlerts),
      countOpen: bind(alertReconcile.countOpenAlerts),
      takeDueTells: bind(alertTells.takeDueTells),
      finishTell: bind(alertTells.finishTell),
    },
    sessions: {
      open: bind(sessions.openSession),
      find: bind(sessions.findSession),
      expire: bind(sessions.expireSessions),
    },
    leases: { take: bind(leases.takeLease), give: bind(leases.giveLease) },
    audit: { write: bind(audit.writeAudit) },
    /** Seals every value anew that another than the ring's first key sealed; returns how many. */
    rotateKeys: () => rotateKeys(ctx, cipher.isCurrent),
    /** Returns the database's clock, epoch milliseconds. */
    now: (): Promise<number> => db.now(),
    /** Throws when the database does not answer. */
    ping: async (): Promise<void> => {
      await db.now();
    },
    close: () => db.close(),
  };
}
