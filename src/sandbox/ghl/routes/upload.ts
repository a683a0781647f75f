import type { Reply } from '../../kit/answer';
import { multipartOf } from '../../kit/multipart';
import { ok, refuse } from '../replies';
import type { Call, GhlRoute } from './route';
import { storeFile } from './storage';

/** GHL docs, Upload file attachments: by the ending of the name. */
const ENDINGS = new Set('jpg jpeg png mp4 mpeg zip rar pdf doc docx txt mp3 wav'.split(' '));
/** GHL docs name it for another way of uploading. */
const MOST_BYTES = 5 * 1024 * 1024;

/** Refusals of files have a form of their own: `{status, message}`. */
function refuseFile(status: number, message: string): Reply {
  return refuse(status, message, { status });
}

function upload({ state, request, locationId }: Call): Reply {
  const parts = multipartOf(request.headers['content-type'] ?? '', request.body);
  if (parts === undefined) return refuseFile(400, 'Failed to upload the files');
  const textOf = (field: string): string => parts.find(({ name }) => name === field)?.bytes.toString('utf8') ?? '';
  const conversation = state.conversations.get(textOf('conversationId'));
  if (conversation === undefined) return refuse(400, 'Conversation not found');
  if (textOf('locationId') !== locationId || conversation.locationId !== locationId) return refuse(403);
  const uploaded: Record<string, string> = {};
  for (const { name, filename = '', type, bytes } of parts) {
    if (name !== 'fileAttachment') continue;
    if (bytes.length > MOST_BYTES) return refuseFile(413, 'File too large');
    if (!ENDINGS.has(filename.split('.').at(-1)?.toLowerCase() ?? '')) return refuseFile(415, 'Unsupported file type');
    uploaded[filename] = `http://${request.headers.host ?? ''}${storeFile(state, filename, bytes, type)}`;
  }
  return Object.keys(uploaded).length === 0
    ? refuseFile(400, 'Failed to upload the files')
    : ok({ uploadedFiles: uploaded });
}

export const UPLOAD_ROUTES: readonly GhlRoute[] = [
  {
    method: 'POST',
    path: '/conversations/messages/upload',
    operation: 'uploadFile',
    access: { audience: 'location', scope: 'conversations/message.write' },
    handle: upload,
  },
];
