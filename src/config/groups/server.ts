import { operatorAddressWithQuery, safeAddress } from '../parsers/address';
import { databaseUrl } from '../parsers/database';
import { encryptionKeys } from '../parsers/encryptionKeys';
import { anyText, oneOf, oneOrZero, port } from '../parsers/text';
import { optional, required, withDefault } from '../setting';

/** The process itself: listeners, store, keys, log. */
export const serverSettings = {
  PORT: withDefault(port, '3000', 'Port of the public listener (0: any free one).'),
  HOST: withDefault(anyText, '0.0.0.0', 'Address that the public listener binds.'),
  ADMIN_PORT: withDefault(port, '3001', 'Port of the admin listener: health, metrics, operator API.'),
  ADMIN_HOST: withDefault(anyText, '127.0.0.1', 'Address that the admin listener binds; keep it private.'),
  ADMIN_TOKEN: required(anyText, 'Bearer token of everything on the admin listener but health.'),
  PUBLIC_URL: required(
    safeAddress,
    'Address at which GHL and the gateways reach this bridge: https, plain http only for a loopback host.',
  ),
  DATABASE_URL: withDefault(
    databaseUrl,
    'sqlite:./data/bridge.sqlite',
    'The store: `sqlite:PATH` (one process) or `mysql://user:password@host:3306/database`.',
  ),
  BRIDGE_SANDBOX: withDefault(
    oneOrZero,
    '0',
    '`1` only in quickstart and tests: what is required may be missing, and only a loopback Temporal is used.',
  ),
  ENCRYPTION_KEYS: required(
    encryptionKeys,
    'Key ring `id:base64(32 bytes)[,id:...]` of what is stored encrypted; the first key encrypts.',
  ),
  ALERT_WEBHOOK_URL: optional(
    operatorAddressWithQuery,
    "Where the operator's alerts are posted as JSON `{kind, state, locationId, connectionId?, since, text, next}`.",
  ),
  LOG_LEVEL: withDefault(
    oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    'info',
    'Least level that is logged: fatal, error, warn, info, debug, trace or silent.',
  ),
};
