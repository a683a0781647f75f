import { text } from '../../json';
import { kind, said, type ContentKind } from './kind';

/** What somebody typed. */
export const TEXTS: readonly ContentKind[] = [
  { field: 'conversation', read: (message) => said(text(message.conversation)) },
  kind('extendedTextMessage', (node) => said(text(node.text))),
];
