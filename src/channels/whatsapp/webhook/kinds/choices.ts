import { at, text } from '../../json';
import { kind, onThePhone, said, type ContentKind } from './kind';

/** What somebody chose from buttons, a list or a form: as it was shown to them, else the name it goes by. */
export const CHOICES: readonly ContentKind[] = [
  kind('buttonsResponseMessage', (node) => said(text(node.selectedDisplayText) ?? text(node.selectedButtonId))),
  kind('templateButtonReplyMessage', (node) => said(text(node.selectedDisplayText) ?? text(node.selectedId))),
  kind('listResponseMessage', (node) =>
    said(text(node.title) ?? text(node.description) ?? text(at(node, 'singleSelectReply', 'selectedRowId'))),
  ),
  kind('interactiveResponseMessage', (node) => said(text(at(node, 'body', 'text')) ?? onThePhone('answered a form'))),
];
