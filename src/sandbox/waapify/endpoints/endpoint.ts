import type { Reply } from '../../kit/answer';
import type { Call } from '../params';
import type { WaapifyState } from '../records/state';
import type { SendEffects } from '../webhooks/ownSends';

/** Answers one endpoint; `effects` only matters where something is sent. */
export type Endpoint = (state: WaapifyState, call: Call, effects: SendEffects) => Reply | Promise<Reply>;
