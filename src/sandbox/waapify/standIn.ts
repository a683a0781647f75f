import type { HttpServer } from '../kit/http';
import type { WaapifyControls } from './controls';

/** A running stand-in for a Waapify gateway: both API generations, the customers' side, and what really went out. */
export interface SandboxWaapify extends WaapifyControls, Omit<HttpServer, 'stop'> {
  /** `url` with `/api`: what a connection is given. */
  baseUrl: string;
  token: string;
  stop(): Promise<void>;
}
