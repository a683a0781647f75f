import { hostOfHostPort } from '../parsers/address';
import { anyText, oneOf, parsed, wholeNumber } from '../parsers/text';
import { optional, withDefault } from '../setting';

const hostPort = parsed('must be host:port, without https://, as 127.0.0.1:7233', (text) =>
  hostOfHostPort(text) === undefined ? undefined : text,
);

/**
 * Temporal's own standard names (Temporal's guide to environment configuration). They are checked here and read by
 * Temporal's own package, see ../temporal.ts. The last one is ours.
 */
export const temporalSettings = {
  TEMPORAL_ADDRESS: optional(hostPort, 'Temporal frontend, `host:port`.', '`127.0.0.1:7233`'),
  TEMPORAL_NAMESPACE: optional(anyText, 'Temporal namespace.', '`default`'),
  TEMPORAL_API_KEY: optional(anyText, 'API key of the namespace; switches TLS on.'),
  TEMPORAL_TLS: optional(
    oneOf('true', 'false', '1', '0'),
    'Whether the connection to Temporal is encrypted.',
    'on with an API key or any `TEMPORAL_TLS_*`',
  ),
  TEMPORAL_TLS_CLIENT_CERT_PATH: optional(anyText, 'File of the client certificate (mutual TLS).'),
  TEMPORAL_TLS_CLIENT_CERT_DATA: optional(anyText, 'The client certificate itself, PEM.'),
  TEMPORAL_TLS_CLIENT_KEY_PATH: optional(anyText, "File of the client certificate's private key."),
  TEMPORAL_TLS_CLIENT_KEY_DATA: optional(anyText, 'The private key itself, PEM.'),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: optional(anyText, 'File of the authority that signed the server certificate.'),
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: optional(anyText, "The authority's certificate itself, PEM."),
  TEMPORAL_TLS_SERVER_NAME: optional(anyText, 'Name that the server certificate must carry.'),
  TEMPORAL_CONFIG_FILE: optional(anyText, "Temporal's own configuration file (TOML); not read in the sandbox."),
  TEMPORAL_PROFILE: optional(anyText, 'Profile of that file; not read in the sandbox.'),
  WORKER_SLOTS: withDefault(
    wholeNumber(1, 10_000),
    '200',
    'How many activities of GHL and the database a worker has in hand at once; sends have slots of their own.',
  ),
};
