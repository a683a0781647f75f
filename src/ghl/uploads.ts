import type { Readable } from 'node:stream';
import { z } from 'zod';
import { DomainError } from '../domain/errors';
import type { GhlAccess } from './access';
import type { GhlHttp } from './http';
import { findConversation } from './messageLookup';
import { CONVERSATIONS_VERSION } from './operations';
import { needed, readAnswer } from './shapes';

/** The types that GHL stores (GHL docs, upload file attachments), as the bytes of a file show them. */
export const UPLOAD_TYPES: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'video/mp4',
  'application/zip',
  'application/vnd.rar',
  'application/pdf',
  'application/msword',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'text/plain',
  'audio/mpeg',
  'audio/wav',
]);

/** GHL's docs name this limit for another way of uploading; nothing is said of this one. */
export const UPLOAD_MAX_BYTES = 5 * 1024 * 1024;

/** A file takes longer than a message. */
const UPLOAD_TIMEOUT_MS = 12_000;

export interface Upload {
  locationId: string;
  contactId: string;
  conversationId: string;
  /** Ending as the type does: GHL goes by that. */
  name: string;
  type: string;
  bytes: number;
  read(): Readable;
}

export interface UploadsApi {
  /**
   * Stores a file for a conversation and returns its address; a message is to name that. A file that was stored twice
   * does no harm. Throws the general codes: `ghl_rejected` where GHL does not take the file.
   */
  uploadFile(access: GhlAccess, upload: Upload): Promise<string>;
  /** Returns the contact's conversation, made when there is none. Throws the general codes. */
  ensureConversation(access: GhlAccess, of: { locationId: string; contactId: string }): Promise<string>;
}

const uploadedShape = z.object({ uploadedFiles: z.record(z.string(), needed) });
/** The spec wraps the conversation; integrations have seen it flat. */
const createdShape = z.union([
  z.object({ conversation: z.object({ id: needed }) }).transform(({ conversation }) => conversation),
  z.object({ id: needed }),
]);

/** Returns the endpoints for files of messages. */
export function createUploadsApi(http: GhlHttp): UploadsApi {
  return {
    async uploadFile(access, { locationId, contactId, conversationId, ...file }) {
      const answer = await http.request({
        operation: 'message.upload',
        method: 'POST',
        path: '/conversations/messages/upload',
        version: CONVERSATIONS_VERSION,
        access,
        timeoutMs: UPLOAD_TIMEOUT_MS,
        multipart: {
          fields: { locationId, contactId, conversationId },
          file: { field: 'fileAttachment', ...file },
        },
      });
      const [address] = Object.values(readAnswer('message.upload', uploadedShape, answer).uploadedFiles);
      if (address === undefined) throw new DomainError('ghl_rejected', 'never', 'GHL names no address of the file.');
      return address;
    },

    async ensureConversation(access, of) {
      const known = await findConversation(http, access, of);
      if (known !== null) return known;
      const answer = await http.request({
        operation: 'conversation.create',
        method: 'POST',
        path: '/conversations/',
        version: CONVERSATIONS_VERSION,
        access,
        json: of,
      });
      return readAnswer('conversation.create', createdShape, answer).id;
    },
  };
}
