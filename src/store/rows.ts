import type { GatewayEndpoint } from '../channels/gateway';
import type { Channel } from '../domain/address';
import type { ConnectionState } from '../domain/connectionState';
import type { LocationState } from '../domain/gate';
import type { MessageClass } from '../domain/laneRules';
import type { MessageStatus, PartState, Told } from '../domain/messageStatus';
import type { ReceiptMode } from '../domain/receipts';

/** The rows of the tables as the drivers return them (migrations/ says what each column is for). */
export interface LocationRow {
  location_id: string;
  state: LocationState;
  state_since: number;
  company_id: string | null;
  country: string | null;
  timezone: string | null;
  installed_at: number | null;
  first_connected_at: number | null;
  created_at: number;
  settings: string;
}

export interface ConnectionRow {
  id: string;
  location_id: string;
  channel: Channel;
  gateway: string;
  base_key: string;
  base_url: string;
  /** Which of its generations the gateway's API is, where it has several; null: the adapter's default. */
  dialect: GatewayEndpoint['dialect'] | null;
  instance_id: string;
  token_sealed: string;
  webhook_hash: string;
  webhook_sealed: string;
  /** Whether the gateway took our address since the number last became connected. */
  webhook_registered: 0 | 1;
  /** A secret that is good beside that one, and that the gateway is being told; null: none. */
  webhook_coming_hash: string | null;
  webhook_coming_sealed: string | null;
  /** The secret before, and until when it is still taken. */
  webhook_former_hash: string | null;
  webhook_former_until: number | null;
  address_sealed: string | null;
  address_key: string | null;
  state: ConnectionState;
  state_since: number;
  reason: string | null;
  /** Why it is held, in words for people in GHL; null: nothing is known beyond its state. */
  reason_text: string | null;
  /** While it is held: from when on one message may be tried; null: its probe tells when it can send again. */
  trial_at: number | null;
  /** Sends that the gateway refused for the number's sake, in a row. */
  refusals: number;
  misses: number;
  probe_due_at: number;
  /** The `state_since` of which the connection's workflow was told. */
  announced_since: number;
  created_at: number;
  settings: string;
  /** When it was last connected; null while it is, and while it is new and unverified. */
  down_since: number | null;
  /** What its receipts have taught; null: nothing yet. */
  receipts_learnt: ReceiptMode | null;
  /** When the first send since the last delivery receipt was written; null: none waits. */
  unreceipted_since: number | null;
  /** The first nack since the last sign of a delivery. */
  nacked_at: number | null;
  /** Since when a person has paused it; null: nobody has. */
  paused_at: number | null;
  /** Since when it warms up; null: it was never connected. */
  first_connected_at: number | null;
  /** When it last came back from an outage; null: it never did. */
  returned_at: number | null;
}

/** What waits for a location's install. */
export interface ExternalAuthRow {
  location_id: string;
  gateway: string;
  base_key: string;
  base_url: string;
  instance_id: string;
  dialect: GatewayEndpoint['dialect'] | null;
  token_sealed: string;
  number_sealed: string;
  kept_at: number;
}

/** A company's token for its locations; `named` and `excluded` are JSON lists of location ids. */
export interface ExternalAuthCompanyRow {
  company_id: string;
  dialect: GatewayEndpoint['dialect'] | null;
  token_sealed: string;
  approve_all: 0 | 1;
  named: string;
  excluded: string;
  kept_at: number;
}

export interface LaneDbRow {
  id: string;
  location_id: string;
  kind: 'outbound' | 'inbound' | 'parking';
  connection_id: string | null;
  next_seq: number;
  /** The number's last write, or the latest moment at which the one under way can be. */
  last_at: number;
  /** The write before, for a claim that turns out not to have been written. */
  before_at: number;
  /** The draw of the gap behind the last write, in millionths of its range. */
  jitter: number;
  /** When the last of its bulk, and of its replies, is planned to go. */
  tail_at: number;
  reply_at: number;
  /** Plan as JSON: how far its bulk is planned; null: nothing was yet. */
  plan: string | null;
  lease_until: number | null;
  lease_token: string | null;
  wake_due_message: string | null;
  wake_due_at: number | null;
  /** What waits for longer than a day, as the alert of it says it (domain/backlog.ts); null: that is not so. */
  backlog: string | null;
}

export interface MessageRow {
  id: string;
  location_id: string;
  direction: 'outbound' | 'inbound';
  source: string;
  source_key: string;
  message_key: string;
  workflow_id: string;
  ghl_message_id: string | null;
  provider_id: string | null;
  channel: Channel;
  connection_id: string | null;
  lane_id: string;
  seq: number;
  rank: number;
  party: string;
  contact_id: string | null;
  conversation_id: string | null;
  user_id: string | null;
  address_key: string | null;
  address_sealed: string | null;
  content_sealed: string | null;
  content_key: string | null;
  state: MessageStatus;
  reason: string | null;
  reason_text: string | null;
  open: 0 | 1;
  claimable: 0 | 1;
  claimed: 0 | 1;
  attempt: number;
  tries: number;
  retry_spent_ms: number;
  retry_last_at: number | null;
  hold_since: number | null;
  written_at: number | null;
  accepted_at: number;
  not_before: number;
  /** 1: nothing was exchanged with its address, so that it opens a conversation. */
  fresh: 0 | 1;
  /** When the same text was written to its contact; null: it was not, or nobody has looked. */
  repeat_at: number | null;
  next_wake_at: number | null;
  state_since: number;
  receipt_deadline: number | null;
  told: Told;
  tell_due_at: number | null;
  /** 0: its files and its number have to be looked at before its first part is claimed. */
  prepared: 0 | 1;
  /** When its private part was erased; null: it is there. */
  erased_at: number | null;
  /** How many attachments it has. */
  files: number;
  /** 1: it goes to a group, from which no receipts come. */
  to_group: 0 | 1;
  /** 1: somebody typed it on the phone itself; it is posted to GHL as outbound and never sent. */
  own: 0 | 1;
  /** Its own class; `rank` is the effective one (messages/lift.ts). What arrived is a reply. */
  class: MessageClass;
  /** Who sends it (src/domain/sender.ts); null: it arrived, or is older than classes. */
  sender: string | null;
  /** The moment around which its sender's other messages are counted: its acceptance, or when it was asked for anew. */
  classed_at: number;
  /** 1: its contact had written within a day before. */
  answers: 0 | 1;
  /** The send that this one may repeat, and until when it waits for the proof of it; null: it repeats none. */
  earlier_id: string | null;
  earlier_attempt: number | null;
  earlier_until: number | null;
  /** 1: nothing was sent; it has the status of the earlier send, which had left. */
  follows: 0 | 1;
}

export interface PartRow {
  id: string;
  message_id: string;
  location_id: string;
  connection_id: string | null;
  attempt: number;
  n: number;
  m: number;
  state: PartState;
  reason: string | null;
  gateway_id: string | null;
  attempt_token: string | null;
  address_key: string | null;
  echo_key: string | null;
  claimed_at: number | null;
  /** When it was written, as the caps count it; null: it does not count. */
  charged_at: number | null;
  charged_as: MessageClass | null;
  /** 1: it opened a conversation. */
  opens: 0 | 1;
  written_at: number | null;
  lease_until: number | null;
  ambiguous_until: number | null;
  ack: string | null;
  /** The code of its last retryable answer, and how often in a row it got that one. */
  refused_as: string | null;
  refused_times: number;
  state_since: number;
  /** PartSpec as JSON: which piece of the content it is. */
  spec: string | null;
  /** 1: it goes to a group, from which no receipts come. */
  to_group: 0 | 1;
}

export interface EchoRow {
  id: string;
  location_id: string;
  connection_id: string;
  gateway_id: string;
  address_key: string | null;
  echo_key: string;
  at: number;
  received_at: number;
  part_id: string | null;
  content_sealed: string;
  /** 1: it was typed on the phone and became a message; it can prove no part any more. */
  own: 0 | 1;
  /** When it is looked at next: no part has claimed it yet. Null: it is settled. */
  due_at: number | null;
  /** Whom it went to; null: nobody that can be named. */
  address_sealed: string | null;
  /** Its words stand in for some that could not be read and may still come: they are shown under this id. */
  stand_in: string | null;
}

export interface ReceiptRow {
  id: string;
  location_id: string;
  connection_id: string;
  gateway_id: string;
  level: 'nack' | 'pending' | 'server' | 'delivered' | 'read';
  code: string | null;
  received_at: number;
  applied: 0 | 1;
}
