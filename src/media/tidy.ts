import type { Standing } from '../store/media';
import type { Store } from '../store/store';
import type { FolderEntry, MediaFolder } from './folder';

/** Longer than any fetch with its conversion: a file that nobody knows after that was left by a process that died. */
const LEFT_AFTER_MS = 600_000;

/**
 * Takes out of the folder what nobody knows, then, where `room` bytes do not fit, files of messages that have ended,
 * the oldest first, and last those that GHL shows by an address of ours: they are fetched again while WhatsApp has them.
 * A file of a message that may still be sent is never taken.
 */
export async function clearFolder(
  folder: MediaFolder,
  store: Pick<Store['media'], 'standings'>,
  room: number,
): Promise<void> {
  const entries = await folder.list();
  const kept = entries.filter(({ isPart }) => !isPart);
  const standings = await store.standings(kept.map(({ name }) => name));
  const before = Date.now() - LEFT_AFTER_MS;
  const isLeft = (entry: FolderEntry): boolean => !standings.has(entry.name) && entry.writtenAt < before;
  for (const { name } of entries.filter(isLeft)) await folder.remove(folder.pathOf(name));
  const of = (standing: Standing): FolderEntry[] => kept.filter(({ name }) => standings.get(name) === standing);
  for (const { name } of [...of('ended'), ...of('offered')]) {
    if (folder.fits(room)) return;
    await folder.remove(folder.pathOf(name));
  }
}
