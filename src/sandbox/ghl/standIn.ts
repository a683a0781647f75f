import type { HttpServer } from '../kit/http';
import type { GhlControls } from './controls';

/** A running stand-in for GHL: the API, the agent's side as methods, and the journal of what happened. */
export interface SandboxGhl extends GhlControls, Omit<HttpServer, 'stop'> {
  /** To be given to the bridge as GHL_WEBHOOK_PUBLIC_KEYS. */
  publicKeyPem: string;
  clientId: string;
  clientSecret: string;
  stop(): Promise<void>;
}
