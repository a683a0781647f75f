import { FILE_TYPES, type FileType } from '../type/fileTypes';
import type { Ffmpeg } from './ffmpeg';
import type { Pictures } from './pictures';
import { oneAtATime } from './turn';

/** Where a file is to be shown. */
export type ShownIn = 'whatsapp' | 'ghl';

/**
 * Writes a file anew so that it shows where it goes. Returns the new type, or null: it can not, send it as it is.
 * Throws the signal's reason where that says stop before a turn has come.
 */
export type Convert = (
  type: FileType,
  from: string,
  to: string,
  signal: AbortSignal,
  shownIn: ShownIn,
) => Promise<FileType | null>;

interface Tools {
  pictures: Pictures;
  ffmpeg: Ffmpeg;
}

type Way = (tools: Tools, from: string, to: string) => Promise<FileType | null>;

/**
 * What WhatsApp would show wrongly (Waapify API behaviour): a GIF as a still picture, other pictures and sounds as
 * nameless documents. Tried in order, the first that works counts.
 */
const TO_WHATSAPP = new Map<string, Way[]>([
  [FILE_TYPES.webp.mime, [rewritten, still('webp_pipe')]],
  [FILE_TYPES.avif.mime, [rewritten, still('mov')]],
  [FILE_TYPES.heif.mime, [rewrittenHeic, still('mov')]],
  [FILE_TYPES.tif.mime, [rewritten, still('tiff_pipe')]],
  [FILE_TYPES.bmp.mime, [still('bmp_pipe')]],
  [FILE_TYPES.gif.mime, [movingGif]],
  [FILE_TYPES.m4a.mime, [sound('mov')]],
  [FILE_TYPES.aac.mime, [sound('aac')]],
  [FILE_TYPES.wav.mime, [sound('wav')]],
  [FILE_TYPES.amr.mime, [sound('amr')]],
  [FILE_TYPES.flac.mime, [sound('flac')]],
]);

/**
 * What GHL stores no file of (GHL docs, upload file attachments): stickers and pictures from other phones, voice notes.
 * A GIF moves, so it is left as it is, and so are videos.
 */
const TO_GHL = new Map<string, Way[]>([
  [FILE_TYPES.webp.mime, [rewritten, still('webp_pipe')]],
  [FILE_TYPES.avif.mime, [rewritten, still('mov')]],
  [FILE_TYPES.heif.mime, [rewrittenHeic, still('mov')]],
  [FILE_TYPES.tif.mime, [rewritten, still('tiff_pipe')]],
  [FILE_TYPES.bmp.mime, [still('bmp_pipe')]],
  [FILE_TYPES.ogg.mime, [sound('ogg')]],
  [FILE_TYPES.m4a.mime, [sound('mov')]],
  [FILE_TYPES.aac.mime, [sound('aac')]],
  [FILE_TYPES.amr.mime, [sound('amr')]],
  [FILE_TYPES.flac.mime, [sound('flac')]],
]);

const WAYS: Record<ShownIn, Map<string, Way[]>> = { whatsapp: TO_WHATSAPP, ghl: TO_GHL };

/** Returns a converter of pictures and sounds by the given tools; a tool that fails is as good as none. */
export function createConvert(tools: Tools): Convert {
  const inTurn = oneAtATime();
  return async (type, from, to, signal, shownIn) => {
    for (const way of WAYS[shownIn].get(type.mime) ?? []) {
      const made = await inTurn(async () => {
        signal.throwIfAborted();
        return await way(tools, from, to);
      });
      if (made !== null) return made;
    }
    return null;
  };
}

function rewritten({ pictures }: Tools, from: string, to: string): Promise<FileType | null> {
  return pictures.rewrite(from, to);
}

function rewrittenHeic({ pictures }: Tools, from: string, to: string): Promise<FileType | null> {
  return pictures.rewriteHeic(from, to);
}

async function movingGif(tools: Tools, from: string, to: string): Promise<FileType | null> {
  const output = ['-an', '-vf', 'scale=trunc(iw/2)*2:trunc(ih/2)*2', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'];
  if (!(await tools.ffmpeg.present()) || !(await tools.pictures.moves(from))) return null;
  return await byFfmpeg('gif', [...output, '-f', 'mp4'], FILE_TYPES.mp4)(tools, from, to);
}

function still(demuxer: string): Way {
  return byFfmpeg(
    demuxer,
    ['-frames:v', '1', '-c:v', 'mjpeg', '-q:v', '3', '-f', 'image2', '-update', '1'],
    FILE_TYPES.jpg,
  );
}

function sound(demuxer: string): Way {
  return byFfmpeg(demuxer, ['-vn', '-b:a', '128k', '-f', 'mp3'], FILE_TYPES.mp3);
}

/** The reader is named, so that ffmpeg does not guess again what we have sniffed. */
function byFfmpeg(demuxer: string, output: string[], type: FileType): Way {
  return async ({ ffmpeg }, from, to) => {
    if (!(await ffmpeg.present())) return null;
    return (await ffmpeg.run({ from, to, input: ['-f', demuxer], output })) ? type : null;
  };
}
