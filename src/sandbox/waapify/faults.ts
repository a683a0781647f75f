import { z } from 'zod';
import { WEBHOOK_KINDS } from './records/types';

const times = z.number().int().min(1).default(1);
const milliseconds = z.number().int().min(0).default(0);

/** One nastiness for the next `times` requests that match; sends, when no endpoint is named. */
export const faultSchema = z.strictObject({
  times,
  /** The endpoint's name without underscores and `.php`: send, sendgroup, reconnect, getqrcode, setwebhook, ... */
  endpoint: z.string().default('send'),
  /** Only sends of this `type` (text, media, check_phone); every type but check_phone when absent. */
  type: z.string().optional(),
  instanceId: z.string().optional(),
  /** Only messages whose text contains this. */
  text: z.string().optional(),
  /** Only messages to this number (digits). */
  number: z.string().optional(),
  /**
   * How the exchange ends. pass: the true answer. error: `message` in an error with HTTP 200. null, empty, html:
   * such a body with HTTP 200. no_id: success without a message id. http_error: an HTML page with `status`.
   * notice: a PHP notice before the true answer. hang: no answer. reset: the connection is reset.
   */
  end: z.enum(['pass', 'error', 'null', 'empty', 'html', 'no_id', 'http_error', 'notice', 'hang', 'reset']),
  /** True: the request is carried out although its answer is spoiled. pass and notice always carry it out. */
  sent: z.boolean().default(false),
  /** For error. */
  message: z.string().default('Failed to send the message'),
  /** For error: `relogin: true` beside the message, as for a lost session. */
  relogin: z.boolean().default(false),
  /** For http_error. */
  status: z.number().int().min(400).max(599).default(500),
  /** Wait this long before the message goes out, and before the answer, each from the request on. */
  sendAfterMs: milliseconds,
  replyAfterMs: milliseconds,
  /** first: the echo is posted, and answered, before the reply. lost: it never comes. */
  echo: z.enum(['after', 'first', 'lost']).default('after'),
  /** WhatsApp refuses afterwards: receipt 0 with code 463, no other. */
  nack: z.boolean().default(false),
  /** The instance is logged out first, so the true answer asks for a new login. */
  logout: z.boolean().default(false),
});

export type WaapifyFault = z.output<typeof faultSchema>;
export type WaapifyFaultInput = z.input<typeof faultSchema>;

/** One nastiness for the next `times` webhooks that match. */
export const webhookFaultSchema = z.strictObject({
  times,
  kind: z.enum([...WEBHOOK_KINDS, 'any']).default('any'),
  instanceId: z.string().optional(),
  /** lose: never posted. duplicate: posted twice. delay: posted `delayMs` later. hold: kept until it is released. */
  action: z.enum(['lose', 'duplicate', 'delay', 'hold']),
  delayMs: milliseconds,
});

export type WebhookFault = z.output<typeof webhookFaultSchema>;
export type WebhookFaultInput = z.input<typeof webhookFaultSchema>;

/** Ready-made faults: `waapify.fault({ ...WAAPIFY_FAULTS.nullAfterSending, times: 2 })`. */
export const WAAPIFY_FAULTS = {
  nullAfterSending: { end: 'null', sent: true },
  nullWithoutSending: { end: 'null' },
  /** What the PHP front does when its worker is slower than 20 s. */
  nullAfter21Seconds: { end: 'null', sent: true, replyAfterMs: 21_000 },
  successWithoutId: { end: 'no_id', sent: true },
  htmlAfterSending: { end: 'html', sent: true },
  htmlWithoutSending: { end: 'html' },
  http500: { end: 'http_error' },
  phpNotice: { end: 'notice' },
  hangAfterSending: { end: 'hang', sent: true },
  hangWithoutSending: { end: 'hang' },
  resetAfterSending: { end: 'reset', sent: true },
  resetWithoutSending: { end: 'reset' },
  echoBeforeReply: { end: 'pass', echo: 'first' },
  echoLost: { end: 'pass', echo: 'lost' },
  nack463: { end: 'pass', nack: true },
  loggedOut: { end: 'pass', logout: true },
  quota: { end: 'error', message: 'You have exceeded the maximum number of messages sent per day' },
  billing: { end: 'error', message: 'Your subscription has expired' },
  accountGone: { end: 'error', message: 'Account does not exist' },
  cannotConnect: { end: 'error', message: 'Cannot connect to WhatsApp server. Please try again later' },
} as const satisfies Record<string, WaapifyFaultInput>;
