import { types } from 'node:util';
import { DomainError } from '../domain/errors';
import { cleanText } from './cleanText';

/** What is logged of an error. */
export interface ErrorDescription {
  name?: string;
  code?: string;
  retry?: string;
  /** Only of a DomainError: its message is written to be shown. */
  message?: string;
  /** Only the frames: the head of a stack is the message. */
  stack?: string;
  cause?: ErrorDescription;
}

const DEEPEST_CAUSE = 4;
/** What a name or code may look like; anything else could be somebody's text. */
const IDENTIFIER = /^[A-Za-z_$][\w$.-]{0,63}$/;
const FRAME = /^ {4}at .*(?::\d+:\d+\)?|<anonymous>\)?|native\)?|index \d+\))$/;

/** Returns whether a value is an error, also one made in another realm (a test's, a worker's). */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/**
 * Returns what may be logged of an error. A DomainError: code, retry, message. Any other: name, code and stack frames,
 * without its message, because drivers and HTTP clients quote values, addresses and bodies in theirs. Causes likewise.
 */
export function describeError(error: Error, depth = 0): ErrorDescription {
  const cause = isError(error.cause) && depth < DEEPEST_CAUSE ? describeError(error.cause, depth + 1) : undefined;
  if (error instanceof DomainError) {
    return { code: error.code, retry: error.retry, message: cleanText(error.message), cause };
  }
  const { code, type } = error as { code?: unknown; type?: unknown };
  return { name: identifier(error.name), code: identifier(code) ?? identifier(type), stack: framesOf(error), cause };
}

function identifier(value: unknown): string | undefined {
  return typeof value === 'string' && IDENTIFIER.test(value) ? value : undefined;
}

/** The message is cut off first: a line of it could look like a frame. */
function framesOf({ stack, message }: Error): string | undefined {
  if (typeof stack !== 'string') return undefined;
  const at = stack.indexOf(message);
  const body = at < 0 ? stack : stack.slice(at + message.length);
  const frames = body.split('\n').filter((line) => FRAME.test(line));
  return frames.length === 0 ? undefined : frames.join('\n');
}
