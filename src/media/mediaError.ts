import { DomainError } from '../domain/errors';

/**
 * Every way in which a file is not to be had: whether trying again may help, and a sentence for the person who sent
 * it. None of them holds an address or a name.
 */
export const MEDIA_ERRORS = {
  media_address_refused: [
    'never',
    'The address of the file can not be used. Attach the file itself, or give a public https address.',
  ],
  media_redirects: ['never', 'The address of the file leads on and on. Send the file itself, or a direct address.'],
  media_gone: ['never', 'The file is not at its address any more, or not open to us. Upload it again and resend.'],
  media_encoded: ['never', 'The file comes packed in a way that can not be checked. Upload it again and resend.'],
  media_empty: ['never', 'The file is empty. Upload it again and resend.'],
  media_type_refused: ['never', 'This type of file can not be sent. Send it as a PDF or a picture, or inside a zip.'],
  media_too_large: ['never', 'The file is too large for WhatsApp. Send a smaller one, or a link to it.'],
  media_unreadable: [
    'never',
    'The file that came is damaged or was changed on its way. Open WhatsApp on the phone, or ask for it again.',
  ],
  media_unavailable: [
    'later',
    'The server of the file could not deliver it. Check that the file opens in a browser, then send it again.',
  ],
  media_unreachable: [
    'later',
    'The server of the file can not be reached. Check that the file opens in a browser, then send it again.',
  ],
  media_timeout: ['later', 'The server of the file took too long. Send the file again, or a smaller one.'],
  media_incomplete: ['later', 'The file broke off before its end. Upload it again and resend.'],
  media_interrupted: ['later', 'Fetching the file was interrupted. Send it again.'],
  media_folder_full: ['later', 'There is no room for the file. Ask your agency before you send it again.'],
} as const;

export type MediaErrorCode = keyof typeof MEDIA_ERRORS;

/** Returns the error of a code; where it answers a request for the file, trying again may help (503) or never will. */
export function mediaError(code: MediaErrorCode, cause?: unknown): DomainError {
  const [retry, words] = MEDIA_ERRORS[code];
  return new DomainError(code, retry, words, { cause, status: retry === 'later' ? 503 : undefined });
}

/** Returns the error as it is where it is ours, otherwise as the given one. */
export function asMediaError(error: unknown, otherwise: MediaErrorCode): DomainError {
  return error instanceof DomainError ? error : mediaError(otherwise, error);
}
