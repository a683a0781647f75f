import { at, text, type JsonRecord } from '../../json';
import { kind, onThePhone, said, type ContentKind } from './kind';

const HYDRATED = ['hydratedTemplate', 'hydratedFourRowTemplate'];

/** What businesses write: the words are shown, their buttons and prices are on the phone. */
export const OFFERS: readonly ContentKind[] = [
  kind('buttonsMessage', (node) => said(text(node.contentText) ?? text(node.text))),
  kind('listMessage', (node) => said(lines(node.title, node.description))),
  kind('interactiveMessage', (node) => said(lines(at(node, 'header', 'title'), at(node, 'body', 'text')))),
  kind('templateMessage', (node) => said(templateWords(node))),
  kind('productMessage', (node) => said(labelled('product', at(node, 'product', 'title'), node.body))),
  kind('orderMessage', (node) => said(labelled('order', node.orderTitle, node.message))),
  kind('groupInviteMessage', (node) => said(labelled('invitation to a group', node.groupName, node.caption))),
  kind('eventMessage', (node) => said(labelled('event', node.name, node.description))),
];

function templateWords(node: JsonRecord): string | undefined {
  return HYDRATED.map((name) => text(at(node, name, 'hydratedContentText'))).find((words) => words !== undefined);
}

function lines(...words: unknown[]): string | undefined {
  return text(words.flatMap((word) => text(word) ?? []).join('\n'));
}

function labelled(what: string, ...words: unknown[]): string {
  const told = words.flatMap((word) => text(word) ?? []).join(': ');
  return told === '' ? onThePhone(what) : `[${what}] ${told}`;
}
