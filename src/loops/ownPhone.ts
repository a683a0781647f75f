import type { App } from '../app';
import { takeOwnMessage } from '../commands/ownPhone';
import { startLoop, type Loop } from './loop';

/** How often the store is asked for messages of a connection that no send has claimed. */
const LOOK_MS = 1_000;

type OwnPhoneApp = Pick<App, 'store' | 'starter' | 'metrics' | 'logger'>;

/** Starts the loop that tells what was typed on the phone from the echoes of sends: in every worker, one echo once. */
export function startOwnPhone(app: OwnPhoneApp): Loop {
  return startLoop('own phone', LOOK_MS, app.logger, () => takeDueOwn(app));
}

/** One round. What cannot be looked at now is due again after some seconds. */
export async function takeDueOwn(app: OwnPhoneApp): Promise<void> {
  for (const ref of await app.store.messages.dueOwn()) {
    try {
      const { wakes } = await takeOwnMessage(app, ref);
      await app.starter.wake(wakes);
    } catch (error) {
      app.logger.warn({ err: error, connectionId: ref.connectionId }, 'A message of the phone could not be taken up');
    }
  }
}
