/** One field of a form; a file where it has a name of one. */
export interface FormPart {
  name: string;
  filename: string | undefined;
  type: string;
  bytes: Buffer;
}

const LINE = '\r\n';

/**
 * Returns the fields of a form body (RFC 7578), undefined when it is none. Latin-1 keeps every byte as one character,
 * so that the pieces are found by text and given back as they are; names are UTF-8.
 */
export function multipartOf(contentType: string, body: Buffer): FormPart[] | undefined {
  const boundary = /^multipart\/form-data; *boundary="?([^";]+)/i.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  const pieces = `${LINE}${body.toString('latin1')}`.split(`${LINE}--${boundary}`);
  return pieces.slice(1, -1).map((piece) => partOf(piece.slice(LINE.length)));
}

function partOf(piece: string): FormPart {
  const end = piece.indexOf(`${LINE}${LINE}`);
  const head = Buffer.from(piece.slice(0, end), 'latin1').toString('utf8');
  const [, name = ''] = /\bname="([^"]*)"/.exec(head) ?? [];
  const [, filename] = /\bfilename="([^"]*)"/.exec(head) ?? [];
  const [, type = 'text/plain'] = /^content-type: *(\S+)/im.exec(head) ?? [];
  return {
    name,
    filename: filename?.replaceAll('%22', '"'),
    type,
    bytes: Buffer.from(piece.slice(end + 2 * LINE.length), 'latin1'),
  };
}
