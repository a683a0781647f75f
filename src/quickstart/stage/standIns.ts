import { startSandboxGhl, type SandboxGhl } from '../../sandbox/ghl';
import { startSandboxWaapify, type SandboxWaapify } from '../../sandbox/waapify';
import type { Closers } from './closers';
import type { Ports } from './ports';

/** The location of the sandbox's GHL that installs the app. */
export const LOCATION = { id: 'sbx-location-1', name: 'Sandbox Bakery' };
/** The WhatsApp number that it connects, by the gateway's id of it. */
export const INSTANCE = { id: '609ACF2830001', number: '60110000001' };
/** Digits of a customer's phone. */
export const CUSTOMER = '60123456789';
/** The app's conversation provider; the secret is the last part of its Delivery URL. */
export const PROVIDER = { id: 'sbx-provider-sms', deliverySecret: 'quickstart-delivery-secret' };

export interface StandIns {
  ghl: SandboxGhl;
  waapify: SandboxWaapify;
}

/** Returns the address at which the bridge of these ports is reached, without a slash at its end. */
export function publicUrlOf({ bridge }: Ports): string {
  return `http://127.0.0.1:${bridge}`;
}

/**
 * Starts both stand-ins, wired to a bridge that need not run yet. The customer's phone confirms nothing by itself
 * before it is told to. Throws DomainError `sandbox_port` when a port has been taken.
 */
export async function startStandIns(ports: Ports, closers: Closers, privateKeyPem?: string): Promise<StandIns> {
  const publicUrl = publicUrlOf(ports);
  const ghl = await startSandboxGhl({
    port: ports.ghl,
    redirectUris: [`${publicUrl}/oauth/callback`],
    locations: [LOCATION],
    providers: [{ id: PROVIDER.id, deliveryUrl: `${publicUrl}/ghl/delivery/${PROVIDER.deliverySecret}` }],
    privateKeyPem,
  });
  closers.add(() => ghl.stop());
  const waapify = await startSandboxWaapify({
    port: ports.waapify,
    instances: [{ ...INSTANCE, auto: { echo: true, server: true } }],
  });
  waapify.configure({ fetchMedia: true });
  closers.add(() => waapify.stop());
  return { ghl, waapify };
}
