import { safeAddress, safeAddressWithQuery, urlPath } from '../parsers/address';
import { providerList } from '../parsers/providers';
import { GHL_LEGACY_KEY, GHL_PUBLISHED_KEY, publicKeys, rsaPublicKey } from '../parsers/publicKeys';
import { anyText, commaList, oneOf, spaceList, trueOrFalse } from '../parsers/text';
import { optional, required, withDefault } from '../setting';

/** The scopes that this product needs (GHL docs, OAuth scopes). */
const SCOPES = [
  'conversations/message.write',
  'conversations/message.readonly',
  'conversations.readonly',
  'conversations.write',
  'contacts.readonly',
  'contacts.write',
  'workflows.readonly',
  'oauth.readonly',
  'oauth.write',
  'locations.readonly',
].join(' ');

/** Where GHL resumes a paused workflow action, behind GHL_API_URL: not in GHL's public docs, observed in use. */
export const RESUME_PATH = '/workflows-marketplace/actions/resume-internal-action';

/** GoHighLevel: addresses, the marketplace app, what it signs and sends. */
export const ghlSettings = {
  GHL_API_URL: withDefault(safeAddress, 'https://services.leadconnectorhq.com', "GHL's API."),
  GHL_MARKETPLACE_URL: withDefault(
    safeAddress,
    'https://marketplace.gohighlevel.com',
    "GHL's marketplace, where an installation begins.",
  ),
  GHL_INSTALL_PATH: withDefault(
    urlPath,
    '/v2/oauth/chooselocation',
    "Path of GHL's installation page, behind `GHL_MARKETPLACE_URL`; the older one is `/oauth/chooselocation`.",
  ),
  GHL_RESUME_URL: optional(
    safeAddressWithQuery,
    'Where a paused workflow action is resumed.',
    `\`GHL_API_URL\`, then \`${RESUME_PATH}\``,
  ),
  GHL_CLIENT_ID: required(anyText, 'Client id of the marketplace app.'),
  GHL_CLIENT_SECRET: required(anyText, 'Client secret of the marketplace app.'),
  GHL_SCOPES: withDefault(spaceList, SCOPES, 'OAuth scopes that an installation asks for, between spaces.'),
  GHL_SHARED_SECRET: optional(
    anyText,
    "Shared secret of the marketplace app: reads the settings page's user context. Without it nobody can sign in there.",
  ),
  GHL_PROVIDERS: required(
    providerList,
    'Conversation providers of the app, a JSON list of ' +
      '`{"id":"...","channel":"sms"|"email"|"call","mode":"default"|"custom","deliverySecrets":["..."]}`; ' +
      'with `"inboundType":"SMS"|"Custom"` also as which type what arrives is posted under it ' +
      '(else `SMS` for a default provider, `Custom` for a custom one).',
  ),
  DELIVERY_SIGNATURE: withDefault(
    oneOf('required', 'when-present'),
    'required',
    'A Delivery post without signature: refused (`required`) or accepted (`when-present`); a wrong one is refused in both.',
  ),
  GHL_WEBHOOK_PUBLIC_KEYS: withDefault(
    publicKeys,
    GHL_PUBLISHED_KEY,
    'Ed25519 public keys that may sign what GHL posts: PEM, one behind the other.',
    "GHL's published key",
  ),
  GHL_LEGACY_RSA: withDefault(trueOrFalse, 'false', '`true` also accepts the old `X-WH-Signature` on app events.'),
  GHL_LEGACY_RSA_KEY: withDefault(
    rsaPublicKey,
    GHL_LEGACY_KEY,
    'RSA public key that may sign app events where `GHL_LEGACY_RSA` is `true`: PEM.',
    "GHL's published old key",
  ),
  ENDPOINT_SECRET: required(
    commaList,
    'Value of the header `X-Bridge-Key` that GHL sends to actions, options, triggers and external authentication; ' +
      'several between commas while rotating.',
  ),
};
