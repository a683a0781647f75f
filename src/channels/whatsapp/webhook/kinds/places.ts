import { text, word, type JsonRecord } from '../../json';
import { kind, onThePhone, type ContentKind, type Said } from './kind';

/** Places: what they are called, and a link that opens them on a map. */
export const PLACES: readonly ContentKind[] = [
  kind('locationMessage', (node) => place('location', node, [node.name, node.address])),
  kind('liveLocationMessage', (node) => place('live location', node, [node.caption])),
];

function place(label: string, node: JsonRecord, names: unknown[]): Said {
  const called = names.flatMap((name) => text(name) ?? []).join(', ');
  const link = mapLink(node);
  if (called === '' && link === undefined) return { words: onThePhone(label), brief: `[${label}]` };
  const brief = called === '' ? `[${label}]` : `[${label}] ${called}`;
  return { words: link === undefined ? brief : `${brief}\n${link}`, brief };
}

function mapLink(node: JsonRecord): string | undefined {
  const latitude = degrees(node.degreesLatitude, 90);
  const longitude = degrees(node.degreesLongitude, 180);
  if (latitude === undefined || longitude === undefined) return undefined;
  return `https://maps.google.com/?q=${latitude},${longitude}`;
}

function degrees(value: unknown, limit: number): number | undefined {
  const number = Number(text(word(value)) ?? NaN);
  return Math.abs(number) <= limit ? number : undefined;
}
