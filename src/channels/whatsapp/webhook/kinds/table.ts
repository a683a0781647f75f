import { CARDS } from './cards';
import { CHANGES } from './changes';
import { CHOICES } from './choices';
import { FILES } from './files';
import type { ContentKind } from './kind';
import { OFFERS } from './offers';
import { PLACES } from './places';
import { POLLS } from './polls';
import { REACTION } from './reaction';
import { SILENCE } from './silent';
import { TEXTS } from './text';

/** The kinds that are nothing but words. */
export const WORDS: readonly ContentKind[] = [...TEXTS, ...CHOICES, ...OFFERS];

/** Every kind of content that is known; the first that a message is of is taken. */
export const KINDS: readonly ContentKind[] = [
  CHANGES,
  ...TEXTS,
  ...CHOICES,
  ...FILES,
  ...PLACES,
  ...CARDS,
  REACTION,
  ...POLLS,
  ...OFFERS,
  ...SILENCE,
];
