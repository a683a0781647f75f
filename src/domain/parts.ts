import { shownAs, type Content, type EchoFacts } from './content';
import { present } from './present';
import { splitText, type Slice, type TextLimit } from './splitText';

/** What WhatsApp, or another channel, shows a file as. */
export type MediaKind = 'image' | 'video' | 'audio' | 'document';

/** What became of an attachment when it was fetched: a file of a kind, or only its address to be sent as text. */
export type Prepared = { kind: MediaKind; mediaId: string } | { kind: 'link' };

/** The longest texts of a gateway: of a message of its own, and under a file. */
export interface PartLimits {
  text: TextLimit;
  caption: TextLimit;
}

/**
 * What one part of a message is, by its place in the content: kept with the part when it is planned, so that a later
 * version that cuts otherwise still sends what was planned. Holds nothing private.
 */
export type PartSpec =
  | { kind: 'text'; slice: Slice }
  /** `mediaId` names the kept file, `shown` what it is shown as; both absent until it was fetched. */
  | { kind: 'media'; attachment: number; mediaId?: string; shown?: MediaKind; caption?: Slice }
  | { kind: 'link'; attachment: number; caption?: Slice }
  | { kind: 'template' };

/**
 * Returns the parts of a message in the order in which they are sent; none when there is nothing to send. The text
 * stands under the first file; where it is too long for that it goes on behind it, in texts of its own. A voice or
 * music file shows no text, so the text goes ahead of it. Before the files were looked at (`prepared` null) all are
 * taken for files that carry text.
 */
export function planParts(content: Content, limits: PartLimits, prepared: readonly Prepared[] | null): PartSpec[] {
  if (content.template !== undefined) return [{ kind: 'template' }];
  const text = content.text ?? '';
  const files = (content.attachments ?? []).map((_, index) => fileSpec(index, prepared?.[index]));
  const [first] = files;
  if (first === undefined) return texts(text, 0, limits.text);
  const underFirst = prepared === null || prepared[0]?.kind !== 'audio';
  if (!underFirst) return [...texts(text, 0, limits.text), ...files];
  const caption = visible(text, splitText(text, limits.caption))[0];
  const end = caption?.[1] ?? text.length;
  return [{ ...first, ...(caption && { caption }) }, ...texts(text, end, limits.text), ...files.slice(1)];
}

function fileSpec(attachment: number, prepared: Prepared | undefined): PartSpec & { kind: 'media' | 'link' } {
  if (prepared?.kind === 'link') return { kind: 'link', attachment };
  return { kind: 'media', attachment, ...(prepared && { mediaId: prepared.mediaId, shown: prepared.kind }) };
}

function texts(text: string, from: number, limit: TextLimit): PartSpec[] {
  const slices = splitText(text.slice(from), limit).map(([start, end]): Slice => [from + start, from + end]);
  return visible(text, slices).map((slice) => ({ kind: 'text', slice }));
}

/** A piece of white space alone says nothing, and gateways refuse it. */
function visible(text: string, slices: readonly Slice[]): Slice[] {
  return slices.filter(([from, to]) => text.slice(from, to).trim() !== '');
}

/** A part with its texts, its file named by the id under which it is kept. */
export type PlannedPart =
  | { kind: 'text'; text: string }
  | { kind: 'media'; attachment: number; mediaId: string; caption?: string }
  | { kind: 'template'; name: string };

/**
 * Returns what a planned part is of its content. Throws a plain Error for a file that was not prepared: the claim asks
 * for that first.
 */
export function partOf(content: Content, spec: PartSpec): PlannedPart {
  const words = (slice?: Slice): string => (slice === undefined ? '' : (content.text ?? '').slice(...slice));
  switch (spec.kind) {
    case 'template':
      return { kind: 'template', name: content.template ?? '' };
    case 'text':
      return { kind: 'text', text: words(spec.slice) };
    case 'link': {
      const address = content.attachments?.[spec.attachment]?.url ?? '';
      return { kind: 'text', text: [words(spec.caption).trimEnd(), address].filter((line) => line !== '').join('\n') };
    }
    case 'media': {
      const { attachment, mediaId } = spec;
      const caption = words(spec.caption);
      return {
        kind: 'media',
        attachment,
        mediaId: present(mediaId, 'the kept file of a part'),
        ...(caption === '' ? {} : { caption }),
      };
    }
  }
}

/** Returns what the echo of a part will look like; a file's own address is not in it. */
export function echoOfPart(content: Content, spec: PartSpec): EchoFacts {
  if (spec.kind === 'media') {
    const caption = spec.caption === undefined ? '' : (content.text ?? '').slice(...spec.caption);
    return { kind: shownAs(spec.shown), text: caption };
  }
  const part = partOf(content, spec);
  return part.kind === 'template' ? { kind: 'template', text: part.name } : { kind: 'text', text: wordsOf(part) };
}

function wordsOf(part: PlannedPart): string {
  return part.kind === 'text' ? part.text : '';
}

/** Returns the parts of a message that arrived: it is posted to GHL as one. None when it says nothing and brings no file. */
export function inboundParts(content: Content): PartSpec[] {
  const text = content.text ?? '';
  if (text.trim() === '' && content.file === undefined) return [];
  return [{ kind: 'text', slice: [0, text.length] }];
}
