import type { HttpServer } from '../kit/http';
import type { WaapifyControls } from './controls';
import type { HostedFileInput } from './mediaHost';

/** A running stand-in for a Waapify gateway: both API generations, the customers' side, and what really went out. */
export interface SandboxWaapify extends WaapifyControls, Omit<HttpServer, 'stop'> {
  /** `url` with `/api`: what a connection is given. */
  baseUrl: string;
  token: string;
  /**
   * Puts a file into WhatsApp's store, encrypted. Returns the content of the message that brings it, to be given to
   * `customerWrites` or `phoneWrites`.
   */
  hostFile(file: HostedFileInput): Record<string, unknown>;
  stop(): Promise<void>;
}
