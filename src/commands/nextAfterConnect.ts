import type { ProbeResult } from '../channels/gateway';

export type WebhookState = 'registered' | 'not_registered';

/** What is known once a number was connected. */
export interface ConnectFacts {
  connectionId: string;
  probe: ProbeResult;
  webhook: { state: WebhookState; problem?: string };
  /** Whether the location has installed the app. */
  installed: boolean;
}

/** Returns what is left for a person to do after a number was connected, in sentences; pure. */
export function nextAfterConnect(facts: ConnectFacts): string {
  const sentences = [stateSentence(facts), webhookSentence(facts), installSentence(facts)];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function stateSentence({ probe, connectionId }: ConnectFacts): string {
  if (probe.kind === 'connected') return 'The number is connected; messages go out.';
  if (probe.kind === 'unreachable') {
    return 'The gateway could not be reached, so the number is not verified yet: it is asked again by itself; check its address if this stays.';
  }
  const scan = `Scan its QR code: npm run ops -- qr --connection ${connectionId}`;
  return `${probe.text} ${probe.state === 'relogin' || probe.state === 'disconnected' ? scan : ''}`.trim();
}

function webhookSentence({ webhook }: ConnectFacts): string {
  if (webhook.state === 'registered') return '';
  const why = webhook.problem === undefined ? '' : ` ${webhook.problem}`;
  return `The gateway has not been told where to post replies and receipts.${why} It is told by itself as soon as it answers.`;
}

function installSentence({ installed }: ConnectFacts): string {
  return installed ? '' : 'The location has not installed the app yet: install it, then its messages go out.';
}
