import type { LeaseAnswer, LeaseWish, Priority, Quota } from '../domain/requestBudget';
import { createPurse, type Purse } from './budgetPurse';
import type { WireHeaders } from './exchange';
import { quotaOf, rateLimitWaitMs } from './waits';

/** Where all processes account for their requests: the store. */
export interface BudgetTable {
  lease(resourceId: string, wish: LeaseWish): Promise<LeaseAnswer>;
  close(resourceId: string, forMs: number): Promise<void>;
  lower(resourceId: string, quota: Quota): Promise<void>;
}

export interface GhlBudget {
  /**
   * Takes one request out of a location's budget. Throws `ghl_budget` (later, benign, with the wait) when there is none
   * left: nothing has been sent then.
   */
  take(resourceId: string, priority: Priority): Promise<void>;
  /** Heeds what an answer says of the quota: a 429 closes the budget for all processes. Never throws. */
  heed(resourceId: string, answer: HeededAnswer): Promise<void>;
}

/** What an answer says of the quota, and how old that is: `tookMs` from the request to it. */
export interface HeededAnswer {
  status: number;
  headers: WireHeaders;
  tookMs: number;
}

/** What this process knows of one location's budget. */
interface Account {
  purses: Record<Priority, Purse>;
  /** When the store was last told of GHL's figures, by `performance.now()`. */
  loweredAt: number;
}

/** GHL's figures trail behind ours while several processes are at work; the store is asked about them this often. */
const LOWER_EVERY_MS = 1_000;
/** What was left so long ago may be counted anew by now. */
const STALE_MS = 1_000;
/** Locations that are kept in memory; beyond, the longest unused one is dropped, which costs it one more lease. */
const MOST_ACCOUNTS = 2_000;

/** Returns the budget of this process over the one that all share. `clock` is monotonic, in milliseconds. */
export function createGhlBudget(table: BudgetTable, clock = (): number => performance.now()): GhlBudget {
  const accountOf = createAccounts(table, clock);

  const refused = async (resourceId: string, waitMs: number): Promise<void> => {
    const { high, low } = accountOf(resourceId).purses;
    high.close(waitMs);
    low.close(waitMs);
    await table.close(resourceId, waitMs);
  };

  const lower = async (resourceId: string, quota: Quota): Promise<void> => {
    const account = accountOf(resourceId);
    const known = account.purses.high.knows(quota) && account.purses.low.knows(quota);
    if (known || clock() - account.loweredAt < LOWER_EVERY_MS) return;
    account.loweredAt = clock();
    await table.lower(resourceId, quota);
  };

  return {
    take: (resourceId, priority) => accountOf(resourceId).purses[priority].take(),
    async heed(resourceId, { status, headers, tookMs }) {
      try {
        if (status === 429) await refused(resourceId, rateLimitWaitMs(headers, Date.now()));
        else if (tookMs <= STALE_MS) await lower(resourceId, quotaOf(headers));
      } catch {
        // The answer itself counts more than its headers: the next one says the same again.
      }
    },
  };
}

/** Returns what finds a location's account, or opens it. */
function createAccounts(table: BudgetTable, clock: () => number): (resourceId: string) => Account {
  const accounts = new Map<string, Account>();
  const open = (resourceId: string): Account => {
    const purse = (priority: Priority): Purse =>
      createPurse((spent, want) => table.lease(resourceId, { priority, spent, want }), clock);
    return { purses: { high: purse('high'), low: purse('low') }, loweredAt: -LOWER_EVERY_MS };
  };
  return (resourceId) => {
    const account = accounts.get(resourceId) ?? open(resourceId);
    // A Map keeps the order in which its keys were set: the first one is the longest unused.
    accounts.delete(resourceId);
    accounts.set(resourceId, account);
    const [oldest] = accounts.keys();
    if (accounts.size > MOST_ACCOUNTS && oldest !== undefined) accounts.delete(oldest);
    return account;
  };
}
