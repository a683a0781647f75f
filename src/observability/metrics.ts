import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Channel } from '../domain/address';
import type { AlertKind } from '../domain/alerts';
import type { ConnectionState } from '../domain/connectionState';
import type { RenewWay } from '../domain/tokenRefresh';
import { createInstruments, type Instruments } from './instruments';

type NoLabels = Record<string, never>;

/** Seconds; the acknowledgement of a post has to stay under 0.05 (GHL) and 0.1 (gateway). */
const ACK_BUCKETS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** What became of an app event: about an installation, or only noted, or why it was neither. */
type AppEventOutcome = 'applied' | 'duplicate' | 'ignored' | 'other_app' | 'noted' | 'no_subject' | 'other_location';

function httpMetrics({ counter, histogram }: Instruments) {
  return {
    /** `route` is the route's pattern (`/ghl/delivery/:secret`), never the path. */
    httpRequests: counter<{ route: string; status: number }>(
      'bridge_http_requests_total',
      'Requests answered, by route pattern and status.',
      'route',
      'status',
    ),
    /** In seconds, from the request's last byte read to the answer. */
    ackDuration: histogram<{ route: string }>(
      'bridge_ack_duration_seconds',
      'Time to the durable acknowledgement of a post, by route pattern.',
      ACK_BUCKETS,
      'route',
    ),
    signatureRefusals: counter<{ reason: 'missing' | 'wrong' }>(
      'bridge_signature_refusals_total',
      'GHL posts refused for their signature; the setting DELIVERY_SIGNATURE decides about missing ones.',
      'reason',
    ),
    /** `type`: one that the bridge knows, or `other`. */
    appEvents: counter<{ type: string; outcome: AppEventOutcome }>(
      'bridge_app_events_total',
      'App events of GHL (INSTALL, UNINSTALL, ...), by type and what became of them.',
      'type',
      'outcome',
    ),
    webhookJunk: counter<{ source: 'gateway' | 'ghl' }>(
      'bridge_webhook_junk_total',
      'Webhooks that were kept but not understood.',
      'source',
    ),
  };
}

function messageMetrics({ counter }: Instruments) {
  return {
    messages: counter<{
      channel: Channel;
      direction: 'outbound' | 'inbound';
      event: 'accepted' | 'resent' | 'sent' | 'failed' | 'unknown' | 'cancelled';
    }>('bridge_messages_total', 'Messages accepted, and how they ended.', 'channel', 'direction', 'event'),
    /** `code` is the outcome's own code or cause, `none` where it has none. */
    gatewaySends: counter<{
      outcome: 'accepted' | 'not_sent' | 'rejected' | 'held' | 'ambiguous';
      code: string;
    }>('bridge_gateway_sends_total', 'Calls that send a part, by outcome and its code.', 'outcome', 'code'),
    receipts: counter<{ match: 'matched' | 'unmatched' }>(
      'bridge_receipts_total',
      'Delivery and read receipts, by whether they belong to a message of ours.',
      'match',
    ),
    connectionChanges: counter<{ to: ConnectionState }>(
      'bridge_connection_state_changes_total',
      'Changes of the state of a number, by the new state.',
      'to',
    ),
  };
}

function ghlMetrics({ counter }: Instruments) {
  return {
    /** `status` is the HTTP status, or a word where no answer came (`timeout`). */
    ghlRequests: counter<{ operation: string; status: string | number }>(
      'bridge_ghl_requests_total',
      'Requests to the GHL API, by operation and status.',
      'operation',
      'status',
    ),
    /** `outcome`: renewed, refused, not_active, or the code of what said nothing about the token. */
    tokenRefreshes: counter<{ way: RenewWay; outcome: string }>(
      'bridge_token_refreshes_total',
      "Tries to renew a token, by way (its own refresh token, or its company's token) and outcome.",
      'way',
      'outcome',
    ),
    optOuts: counter<{ state: 'out' | 'in'; outcome: 'told' | 'given_up' }>(
      'bridge_opt_outs_total',
      'Contacts who opted out or in again, by whether GHL could be told.',
      'state',
      'outcome',
    ),
    statusUpdatesGivenUp: counter<NoLabels>(
      'bridge_ghl_status_updates_given_up_total',
      'Message statuses that GHL could not be told.',
    ),
  };
}

function engineMetrics({ counter }: Instruments) {
  return {
    sweeperRepairs: counter<{ kind: string }>(
      'bridge_sweeper_repairs_total',
      'What the sweeper found stuck and set going again, by kind.',
      'kind',
    ),
    erased: counter<{ why: 'retention' | 'asked' }>(
      'bridge_messages_erased_total',
      'Messages whose text, address and files were erased: by age, or because somebody asked for it.',
      'why',
    ),
    outages: counter<{ of: 'bridge' | 'number' }>(
      'bridge_outages_total',
      'Outages that were looked at afterwards, of the bridge (once for each location) or of a number.',
      'of',
    ),
    unreceived: counter<NoLabels>(
      'bridge_unreceived_messages_total',
      'Messages that GHL shows as sent by our providers during an outage and that were never posted to us.',
    ),
    transactionReruns: counter<NoLabels>(
      'bridge_store_transaction_reruns_total',
      'Store transactions run again after a deadlock or lock wait.',
    ),
    workflowStarts: counter<{ outcome: 'failed' | 'deferred' }>(
      'bridge_workflow_starts_total',
      'Workflow starts that failed, or were left to the sweeper at once.',
      'outcome',
    ),
    laneClaims: counter<{ result: string }>(
      'bridge_lane_claims_total',
      'Claims of a turn to send, by result: granted, or why not yet.',
      'result',
    ),
  };
}

function alertMetrics({ counter, gauge }: Instruments) {
  return {
    alertsOpen: gauge<{ kind: AlertKind }>(
      'bridge_alerts_open',
      'Alerts that are open, by kind; every worker shows all of them.',
      'kind',
    ),
    alertTells: counter<{ what: 'post' | 'note' | 'task'; outcome: 'done' | 'moot' | 'due' | 'given_up' }>(
      'bridge_alert_tells_total',
      'Tries to tell people of an alert, by means and by what became of it (due: it is tried again).',
      'what',
      'outcome',
    ),
  };
}

/** Returns the metrics of this process on a registry of their own. `processMetrics` adds memory, CPU and event loop. */
export function createMetrics({ processMetrics = false }: { processMetrics?: boolean } = {}) {
  const registry = new Registry();
  const instruments = createInstruments(registry);
  if (processMetrics) collectDefaultMetrics({ register: registry });
  return {
    /** Content type of what `render` returns. */
    contentType: registry.contentType,
    /** Returns all metrics in Prometheus' text format. */
    render: (): Promise<string> => registry.metrics(),
    ...httpMetrics(instruments),
    ...messageMetrics(instruments),
    ...ghlMetrics(instruments),
    ...engineMetrics(instruments),
    ...alertMetrics(instruments),
  };
}

/** The metrics of one process. No label ever names a location, a number or a message. */
export type Metrics = ReturnType<typeof createMetrics>;
