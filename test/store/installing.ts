import type { AppEvent, EventApplied } from '../../src/store/installations/events';
import type { TestStore } from '../support/storeAt';
import { fresh, grantOf } from './line';

/** The words in which the cases speak of installations. */
export interface Installing {
  store(): TestStore['store'];
  /** The store's clock, epoch milliseconds. */
  now(): number;
  event(type: string, more: Partial<AppEvent>): AppEvent;
  /** An app event comes, of this moment unless told. */
  hear(type: string, more: Partial<AppEvent>): Promise<EventApplied>;
  /** Tokens come for a location. */
  install(locationId: string, companyId?: string | null): Promise<{ version: number }>;
  stateOf(resourceId: string): Promise<string | undefined>;
  isOverdue(resourceId: string): Promise<boolean>;
}

/** Returns these words for a store that is opened later. */
export function installing(ledger: () => TestStore): Installing {
  const store = (): TestStore['store'] => ledger().store;
  const now = (): number => ledger().clock.now;
  const event: Installing['event'] = (type, more) => ({
    ...{ id: fresh('event'), type, locationId: null, companyId: null, planId: null, at: now() },
    ...more,
  });
  return {
    store,
    now,
    event,
    hear: (type, more) => store().appEvents.apply(event(type, more)),
    install: (locationId, companyId = null) =>
      store().installations.install({ locationId }, { companyId, grant: grantOf() }),
    stateOf: async (resourceId) => (await store().installations.get(resourceId))?.state,
    isOverdue: async (resourceId) =>
      (await store().installations.overdue()).some((one) => one.resourceId === resourceId),
  };
}
