import type { App } from '../app';
import { startLoop, type Loop } from './loop';

const EVERY_MS = 60_000;

/** Starts the loop that tidies this process's media folder. An ingress too may have one of its own, so each does it. */
export function startMediaTidy({ media, logger }: Pick<App, 'media' | 'logger'>): Loop {
  return startLoop('media_tidy', EVERY_MS, logger, () => media.tidy());
}
