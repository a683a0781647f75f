import { z } from 'zod';

/** The operations that a fault can name. */
const OPERATIONS = [
  'authorize',
  'token',
  'locationToken',
  'installedLocations',
  'location',
  'storage',
  'inbound',
  'uploadFile',
  'status',
  'upsertContact',
  'duplicateContact',
  'createContact',
  'getContact',
  'updateContact',
  'createNote',
  'listNotes',
  'createTask',
  'listTasks',
  'completeTask',
  'searchConversations',
  'conversationMessages',
  'getMessage',
  'createConversation',
  'updateConversation',
  'deleteConversation',
] as const;

export type Operation = (typeof OPERATIONS)[number];

/** One nastiness for the next `times` requests on an operation. */
export const faultSchema = z.strictObject({
  operation: z.enum([...OPERATIONS, '*']),
  times: z.number().int().min(1).default(1),
  /** Only requests of this location, by its token. */
  locationId: z.string().optional(),
  /** Wait this long before the end, whatever it is. */
  delayMs: z.number().int().min(0).default(0),
  /** True: the request is carried out although its answer is spoiled (stored, rotated). */
  effect: z.boolean().default(false),
  /** pass: the true answer (only late). status: `status` with an error body. empty: 201 without a body. */
  end: z.enum(['pass', 'status', 'empty', 'hang', 'reset']),
  /** For `status`; 500 when absent. */
  status: z.number().int().min(200).max(599).default(500),
  /** The message of the error body; GHL's own for that status when absent. */
  message: z.string().optional(),
  /** For `status`: sent instead of an error body. */
  body: z.unknown().optional(),
});

export type GhlFault = z.output<typeof faultSchema>;
export type GhlFaultInput = z.input<typeof faultSchema>;

/** Ready-made faults: `ghl.fault(GHL_FAULTS.tokenAnswerLost)`. */
export const GHL_FAULTS = {
  /** The pair is rotated, then the connection drops: the caller does not learn its new tokens. */
  tokenAnswerLost: { operation: 'token', end: 'reset', effect: true },
  /** A suspended sub-account, probably (GHL API issue 249). */
  locationNotActive: { operation: 'token', end: 'status', status: 400, message: 'Location is not active' },
  /** The refresh token is refused; GHL's own words for that are not published. */
  refreshTokenRefused: { operation: 'token', end: 'status', status: 400, message: 'Invalid refresh token' },
  /** 201 with an empty body and nothing stored (GHL API issue 70). */
  inboundSwallowed: { operation: 'inbound', end: 'empty' },
  /** 201 with an empty body although the message is stored. */
  inboundStoredSilently: { operation: 'inbound', end: 'empty', effect: true },
  /** The message is stored and the answer lost. */
  inboundAnswerLost: { operation: 'inbound', end: 'reset', effect: true },
  /** The note is stored and the answer lost. */
  noteAnswerLost: { operation: 'createNote', end: 'reset', effect: true },
} as const satisfies Record<string, GhlFaultInput>;
