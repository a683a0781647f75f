import { randomUUID } from 'node:crypto';
import { json, type Reply } from '../kit/answer';

const ERROR_NAMES: Record<number, string> = { 401: 'Unauthorized', 403: 'Forbidden', 422: 'Unprocessable Entity' };
const MESSAGES: Record<number, string> = {
  401: 'Invalid token: access token is invalid',
  403: 'The token does not have access to this location.',
  429: 'Too Many Requests',
  500: 'Internal server error',
};

/** The text of the answer to a status update of a message that GHL has not written yet, or that has no provider. */
export const NO_PROVIDER = 'No conversation provider found for this message';

/** Returns a good answer; every answer of GHL carries a traceId. */
export function ok(body: object, status = 200, note?: string): Reply {
  return json(status, { ...body, traceId: randomUUID() }, note);
}

/** Returns an error in GHL's form: `{statusCode, message, error?}`; 422 has a list of messages. */
export function refuse(status: number, message?: string | string[], extra: object = {}): Reply {
  const words = message ?? MESSAGES[status] ?? 'Bad Request';
  const name = ERROR_NAMES[status];
  const body = { statusCode: status, message: words, ...(name !== undefined && { error: name }), ...extra };
  return json(status, { ...body, traceId: randomUUID() }, [words].flat().join('; '));
}
