import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';

/** A form with one file, which is read while it is sent: memory stays flat however many go at once. */
export interface Multipart {
  fields: Record<string, string>;
  file: { field: string; name: string; type: string; bytes: number; read(): Readable };
}

/** A form as it stands on the wire (RFC 7578). */
export interface MultipartBody {
  contentType: string;
  length: number;
  body: Readable;
}

const LINE = '\r\n';

/** Returns a form's content type, its length and its body. */
export function multipartBody({ fields, file }: Multipart): MultipartBody {
  const boundary = `form-${randomUUID()}`;
  const disposition = (name: string): string => `--${boundary}${LINE}content-disposition: form-data; name="${name}"`;
  const texts = Object.entries(fields).map(([name, text]) => `${disposition(name)}${LINE}${LINE}${text}${LINE}`);
  const fileHead = `${disposition(file.field)}; filename="${quoted(file.name)}"${LINE}content-type: ${file.type}`;
  const head = Buffer.from(`${texts.join('')}${fileHead}${LINE}${LINE}`);
  const tail = Buffer.from(`${LINE}--${boundary}--${LINE}`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: head.length + file.bytes + tail.length,
    body: Readable.from(pieces(head, file.read(), tail)),
  };
}

async function* pieces(head: Buffer, file: Readable, tail: Buffer): AsyncGenerator<Buffer> {
  yield head;
  yield* file as AsyncIterable<Buffer>;
  yield tail;
}

/** As browsers write a name (WHATWG, multipart/form-data encoding). */
function quoted(name: string): string {
  return name.replaceAll('"', '%22').replace(/[\r\n]+/g, ' ');
}
