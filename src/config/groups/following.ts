import { pace } from '../parsers/pace';
import { interval, longWait } from '../parsers/text';
import { optional, withDefault } from '../setting';

/** How long a message is followed, tried and held; milliseconds all. */
export const followingSettings = {
  PROBE_INTERVAL_MS: withDefault(interval, '60000', "How often a number's state is asked of the gateway."),
  STATUS_FIRST_DELAY_MS: withDefault(longWait, '3000', 'Wait before the first status update to GHL.'),
  UNKNOWN_WAIT_MS: withDefault(longWait, '60000', 'How long a send without a clear answer waits for its echo.'),
  RECEIPT_ALARM_MS: withDefault(longWait, '600000', "No receipt for this long raises the number's alarm."),
  RECEIPT_WAIT_MS: withDefault(longWait, '259200000', 'No receipt for this long closes the life of a message.'),
  ALERT_AFTER_MS: withDefault(
    longWait,
    '600000',
    'How long a number is down before people are told; refused credentials are told at once.',
  ),
  RETRY_DEADLINE_MS: withDefault(
    longWait,
    '900000',
    'How long one message is tried again while the gateway answers with errors that may pass; then it fails.',
  ),
  HOLD_MAX_MS: withDefault(
    longWait,
    '259200000',
    'How long a message may be held (number lost, billing, quota, suspended); then it fails, `expired_while_held`.',
  ),
  HOLD_MAX_REPLY_MS: optional(longWait, 'The same for replies alone.', '`HOLD_MAX_MS`'),
  HOLD_MAX_BULK_MS: optional(longWait, 'The same for everything but replies.', '`HOLD_MAX_MS`'),
  HOLD_TRIAL_MS: withDefault(
    pace,
    '300000-3600000',
    'On a number held for quota, billing or credentials one message is tried after this long: first-longest, doubling; quotas at the next full hour at the latest.',
  ),
  SWEEP_INTERVAL_MS: withDefault(interval, '15000', 'How often the store is searched for what got stuck.'),
};
