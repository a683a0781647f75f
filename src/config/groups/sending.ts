import { operatorAddress } from '../parsers/address';
import { quietHours } from '../parsers/hours';
import { pace } from '../parsers/pace';
import { region } from '../parsers/region';
import { longWait, wholeNumber } from '../parsers/text';
import { warmupDaily } from '../parsers/warmup';
import { withDefault, withDefaultOrOff } from '../setting';

const cap = wholeNumber(1, 1_000_000);

/** The gateway, and how fast and how much one number sends. */
export const sendingSettings = {
  WAAPIFY_BASE_URL: withDefault(
    operatorAddress,
    'https://stag.waapify.com/api',
    'Gateway address of a new connection; a private address is allowed.',
  ),
  WAAPIFY_TIMEOUT_MS: withDefault(
    wholeNumber(1, 45_000),
    '28000',
    "Longest gateway call, at most 45000; keep it above the gateway's own 20 s.",
  ),
  DEFAULT_REGION: withDefault(
    region,
    'MY',
    'Country of phone numbers without country code, where the location names none.',
  ),
  PACE_TEXT_MS: withDefault(pace, '5000-12000', 'Gap per number before a text: `min-max` in milliseconds, jittered.'),
  PACE_MEDIA_MS: withDefault(pace, '8000-20000', 'Gap before an attachment.'),
  PACE_REPLY_MS: withDefault(pace, '1000-3000', 'Gap before a reply, to whomever.'),
  PACE_GROUP_MS: withDefault(pace, '30000-60000', 'Gap before anything else to a group.'),
  CAP_HOURLY: withDefault(
    cap,
    '80',
    'Parts per number in any 60 minutes; more are delayed. A fifth is kept for replies.',
  ),
  CAP_DAILY: withDefault(cap, '500', 'Parts per number in any 24 hours; likewise.'),
  CAP_NEW_HOURLY: withDefault(
    wholeNumber(0, 1_000_000),
    '20',
    'New conversations per number in any 60 minutes (0: no limit).',
  ),
  WARMUP_DAILY: withDefaultOrOff(
    warmupDaily,
    '50,200,500',
    "Daily caps of a new number's first days, between commas (empty: off).",
  ),
  QUIET_HOURS: withDefaultOrOff(
    quietHours,
    '',
    "`HH:MM-HH:MM` in the location's time zone in which bulk messages wait (empty: off).",
  ),
  DUPLICATE_TEXT_MS: withDefault(
    longWait,
    '0',
    'How long the same bulk text to the same contact waits, in milliseconds (0: off).',
  ),
};
