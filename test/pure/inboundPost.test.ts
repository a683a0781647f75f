import { inboundPost } from '../../activities/inboundPost';
import type { Content } from '../../src/domain/content';
import type { PostedFile } from '../../src/domain/inboundFile';
import type { MessageRow } from '../../src/store/rows';

const message = { connection_id: 'con1', source_key: 'con1:3EB0', own: 0 } as MessageRow;
const post = (text: string | undefined, file: Partial<PostedFile> | null, kind: 'image' | 'voice' = 'image') => {
  const content: Content = { v: 1, text, ...(file && { file: { kind, mediaKey: '' } }) };
  const how = { how: 'with' as const, behindWords: false, address: null, reason: null };
  return inboundPost({ message, content, file: file && { ...how, ...file } });
};

test.each<[string, ReturnType<typeof post>, Partial<ReturnType<typeof post>>]>([
  ['words alone', post('Hi', null), { altId: '3EB0', text: 'Hi', attach: false, fileFollows: false }],
  ['words and their file', post('Hi', {}), { altId: '3EB0', text: 'Hi', attach: true, fileFollows: false }],
  ['a file alone', post(undefined, {}), { text: '', attach: true }],
  ['words whose file follows', post('Hi', { how: 'follows' }), { text: 'Hi', attach: false, fileFollows: true }],
  ['nothing but a file that follows', post(' ', { how: 'follows' }), { altId: '3EB0', text: '[picture follows]' }],
  [
    'the file behind its words',
    post('Hi', { behindWords: true }),
    { altId: '3EB0:file', text: '', attach: true, fileFollows: false },
  ],
  [
    'words whose file never comes',
    post('Hi', { how: 'note', reason: 'media_gone' }),
    {
      altId: '3EB0',
      text: 'Hi\n[a picture came that could not be fetched: open WhatsApp on the phone]',
      attach: false,
      fileFollows: false,
    },
  ],
  [
    'a file that never comes, behind its words',
    post('Hi', { how: 'note', behindWords: true, reason: 'media_too_large' }, 'voice'),
    {
      altId: '3EB0:file',
      text: '[a voice message came that is too large to be shown here: open WhatsApp on the phone]',
    },
  ],
])('%s', (_what, posted, expected) => {
  expect(posted).toMatchObject(expected);
});
