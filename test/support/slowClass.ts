import {
  CONTACTS_MS,
  MOST_ANSWERED,
  MOST_CONTACTS,
  SAME_TEXT_CONTACTS,
  SAME_TEXT_MS,
  type ClassFacts,
  type Sent,
} from '../../src/domain/messageClass';

const SECOND = 1_000;

/**
 * Returns the class of a message the long way: every second at which a window around it can begin is looked at. All
 * times have to be whole seconds apart from it.
 */
export function slowClassOf({ ownWords, byPerson, self, near, sameText, more }: ClassFacts): 'reply' | 'bulk' {
  if (ownWords) return 'reply';
  if (more || !(byPerson || self.answers)) return 'bulk';
  const campaign = windows(self, sameText, SAME_TEXT_MS).some((window) => contactsIn(window) >= SAME_TEXT_CONTACTS);
  const fast = windows(self, near, CONTACTS_MS).some((window) => {
    const most = byPerson && window.every(({ answers }) => answers) ? MOST_ANSWERED : MOST_CONTACTS;
    return contactsIn(window) > most;
  });
  return campaign || fast ? 'bulk' : 'reply';
}

function windows(self: Sent, list: readonly Sent[], ms: number): Sent[][] {
  return Array.from({ length: ms / SECOND }, (_, n) => {
    const begin = self.at - n * SECOND;
    return [self, ...list].filter(({ at }) => begin <= at && at < begin + ms);
  });
}

function contactsIn(window: readonly Sent[]): number {
  return new Set(window.map(({ party }) => party)).size;
}
