import type { Content } from './content';
import { splitAnswer } from './quotation';

/** Who wrote in a group when nobody says a name. */
const SOMEBODY = 'Somebody';

/** Returns a group member's content as its group's contact shows it: the sender's name stands in front of the words. */
export function inGroup(content: Content, sender: string | undefined): Content {
  const { quotation, words = '' } = splitAnswer(content);
  const said = `${sender ?? SOMEBODY}: ${words}`.trimEnd();
  return { ...content, text: quotation === undefined ? said : `${quotation}\n${said}` };
}
