import type { App } from '../../app';
import { DomainError } from '../../domain/errors';
import { verifyGhlSignature } from '../../ghl/signature';
import type { Step } from '../step';
import type { RawState } from './rawBody';

/**
 * Checks GHL's signature over the raw bytes. A wrong one is refused always; a missing one where DELIVERY_SIGNATURE is
 * `required`. Refusals are 401 and counted; the log line of a missing one names the setting, because GHL once sent
 * such posts unsigned.
 */
export function ghlSignature({
  settings,
  logger,
  metrics,
}: Pick<App, 'settings' | 'logger' | 'metrics'>): Step<RawState> {
  const { deliverySignature, ghlWebhookPublicKeys: keys } = settings;
  return async (ctx, next) => {
    const header = ctx.get('X-GHL-Signature');
    const verdict = verifyGhlSignature({ raw: ctx.state.raw, header, keys });
    if (verdict === 'invalid') {
      metrics.signatureRefusals.inc({ reason: 'wrong' });
      throw refused('signature_wrong', 'The signature does not fit the body.');
    }
    if (verdict === 'missing' && deliverySignature === 'required') {
      metrics.signatureRefusals.inc({ reason: 'missing' });
      logger.warn({ setting: 'DELIVERY_SIGNATURE' }, 'unsigned post refused: DELIVERY_SIGNATURE is required');
      throw refused('signature_missing', 'The post is not signed: the header X-GHL-Signature is missing.');
    }
    await next();
  };
}

function refused(code: string, message: string): DomainError {
  return new DomainError(code, 'never', message, { status: 401 });
}
