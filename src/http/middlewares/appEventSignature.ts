import type { KeyObject } from 'node:crypto';
import type { App } from '../../app';
import { DomainError } from '../../domain/errors';
import { verifyGhlSignature, verifyLegacySignature, type SignatureVerdict } from '../../ghl/signature';
import type { Step } from '../step';
import type { RawState } from './rawBody';

type Settings = Pick<App['settings'], 'ghlWebhookPublicKeys' | 'ghlLegacyRsa' | 'ghlLegacyRsaKey'>;

/**
 * Checks GHL's signature of an app event over the raw bytes. Nothing else stands between this address and an
 * uninstallation of everybody, so an unsigned one is refused whatever DELIVERY_SIGNATURE says. The old signature counts
 * with GHL_LEGACY_RSA alone, and only where the new one is missing. Refusals are 401 and counted.
 */
export function appEventSignature({ settings, metrics }: Pick<App, 'settings' | 'metrics'>): Step<RawState> {
  return async (ctx, next) => {
    const headers = { ed25519: ctx.get('X-GHL-Signature'), rsa: ctx.get('X-WH-Signature') };
    const verdict = verdictOf(settings, ctx.state.raw, headers);
    if (verdict === 'valid') {
      await next();
      return;
    }
    metrics.signatureRefusals.inc({ reason: verdict === 'invalid' ? 'wrong' : 'missing' });
    throw verdict === 'invalid'
      ? refused('signature_wrong', 'The signature does not fit the body.')
      : refused('signature_missing', 'The event is not signed: the header X-GHL-Signature is missing.');
  };
}

function verdictOf(settings: Settings, raw: Buffer, headers: { ed25519: string; rsa: string }): SignatureVerdict {
  const keys: KeyObject[] = settings.ghlWebhookPublicKeys;
  const verdict = verifyGhlSignature({ raw, header: headers.ed25519, keys });
  if (verdict !== 'missing' || !settings.ghlLegacyRsa) return verdict;
  return verifyLegacySignature({ raw, header: headers.rsa, key: settings.ghlLegacyRsaKey });
}

function refused(code: string, message: string): DomainError {
  return new DomainError(code, 'never', message, { status: 401 });
}
