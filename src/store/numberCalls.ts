import type { Bind } from './bind';
import * as connectionSettings from './connectionSettings';
import * as connections from './connections';
import * as connectionState from './connectionState';
import * as read from './messages/read';
import * as sweep from './messages/sweep';
import * as pauses from './pauses';
import * as purgeConnections from './purgeConnections';
import * as qrPictures from './qrPictures';
import * as webhookSecrets from './webhookSecrets';

/** Returns the calls about connections, and about what a person does with a number: link it, pause it, resume it. */
export function numberCalls(bind: Bind) {
  return {
    connections: {
      connect: bind(connections.connect),
      get: bind(connections.getConnection),
      findByWebhookHash: bind(webhookSecrets.findByWebhookHash),
      endpointOf: bind(connections.endpointOf),
      list: bind(read.listConnections),
      waiting: bind(connections.countWaiting),
      webhookSecretOf: bind(webhookSecrets.webhookSecretOf),
      markWebhookRegistered: bind(webhookSecrets.markWebhookRegistered),
      beginRotation: bind(webhookSecrets.beginRotation),
      purge: bind(purgeConnections.purgeConnections),
      changeSettings: bind(connectionSettings.changeSettings),
      learnDialect: bind(connections.learnDialect),
      hasNumber: bind(connections.hasNumber),
      ofNumber: bind(connections.connectionsOfNumber),
      markAnnounced: bind(connections.markAnnounced),
      unannounced: bind(connections.unannounced),
      recordProbe: bind(connectionState.recordProbe),
      takeDueProbes: bind(sweep.takeDueProbes),
      askProbe: bind(sweep.askProbe),
    },
    qr: {
      keep: bind(qrPictures.keepQr),
      read: bind(qrPictures.readQr),
      drop: bind(qrPictures.dropQr),
      expire: bind(qrPictures.expireQr),
    },
    pauses: { begin: bind(pauses.pauseConnection), end: bind(pauses.resumeConnection) },
  };
}
