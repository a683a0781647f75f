import { hostList } from '../parsers/hostList';
import { anyText, interval, oneOf, wholeNumber } from '../parsers/text';
import { withDefault } from '../setting';

const megabytes = wholeNumber(1, 2_000);

/** Media, and how long things are kept. */
export const keepingSettings = {
  MEDIA_DIR: withDefault(anyText, './data/media', 'Folder of media files; best shared by ingress and workers.'),
  MEDIA_TTL_MS: withDefault(interval, '3600000', 'Life of a media address in milliseconds.'),
  MEDIA_MAX_MB: withDefault(megabytes, '16', 'Largest image, audio or video in MB.'),
  MEDIA_DOCUMENT_MAX_MB: withDefault(megabytes, '100', 'Largest document in MB.'),
  MEDIA_FOLDER_MAX_MB: withDefault(
    wholeNumber(1, 10_000_000),
    '2000',
    'Largest size of the media folder in MB; over it files of ended messages go first, then no more are fetched.',
  ),
  MEDIA_FALLBACK: withDefault(
    oneOf('fail', 'link'),
    'fail',
    'What becomes of a message with a file that can not be sent: it fails, or the address of the file is sent as text.',
  ),
  MEDIA_ALLOW_HOSTS: withDefault(
    hostList,
    '',
    'Hosts, `host[:port]` between commas, whose media may be fetched although the address is private or plain http.',
    'none',
  ),
  MESSAGE_RETENTION_DAYS: withDefault(
    wholeNumber(1, 36_500),
    '30',
    'Texts and media older than this many days are erased; the bare facts stay. So long, too, lives the address of a ' +
      'file that arrived and that GHL does not store itself.',
  ),
};
