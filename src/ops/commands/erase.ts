import type { EraseResult } from '../../commands/eraseData';
import { EXIT, OpsError } from '../opsError';
import { show, type Session } from '../session';
import { pathOfSubject, subjectsOf, type SubjectOptions } from '../subject';

export interface EraseOptions extends SubjectOptions {
  yes?: boolean;
}

/** Erases a location's or a contact's data for good, after it was asked for once more. */
export async function erase(session: Session, options: EraseOptions): Promise<void> {
  const subjects = await subjectsOf(session, options);
  if (options.yes !== true) await insist(session, options);
  for (const subject of subjects) {
    const result = await session.admin.post<EraseResult>(`${pathOfSubject(subject)}/erase`);
    show(session, result, (counts) => [`${subject.locationId}: ${said(counts)}`, ...left(counts)].join('\n'));
  }
}

async function insist(session: Session, { location, contact }: EraseOptions): Promise<void> {
  const what = contact === undefined ? `of location ${location ?? ''}` : `of contact ${contact}`;
  const answer = await session.ask(
    `This cancels what waits and erases all texts, addresses and files ${what}. It can not be undone.\nType yes to go on: `,
  );
  if (answer.trim() !== 'yes') throw new OpsError('Nothing was erased.', EXIT.failed);
}

function said({ cancelled, messages, files, posts, echoes, contacts, numbers }: EraseResult): string {
  const counts = { messages, files, 'gateway posts': posts, echoes, contacts, numbers };
  const erased = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return `${cancelled} waiting messages cancelled; erased: ${erased.join(', ')}.`;
}

function left({ inHand }: EraseResult): string[] {
  if (inHand === 0) return [];
  return [`${inHand} messages are being sent or posted at this moment and were left: run it again in a minute or two.`];
}
