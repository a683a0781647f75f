/** The scopes of a token whose authorization named none: all that a conversation provider asks for (GHL docs). */
export const SANDBOX_SCOPES = [
  'conversations/message.write',
  'conversations/message.readonly',
  'conversations.readonly',
  'conversations.write',
  'contacts.readonly',
  'contacts.write',
  'workflows.readonly',
  'locations.readonly',
  'oauth.readonly',
  'oauth.write',
].join(' ');
