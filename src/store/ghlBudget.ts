import {
  closed,
  lease,
  lowered,
  unusedBudget,
  type BudgetState,
  type LeaseAnswer,
  type LeaseWish,
  type Quota,
} from '../domain/requestBudget';
import type { StoreContext } from './context';

/** A budget belongs to the location or company whose id it bears: the tenant scope of these calls. */
type ResourceId = string;

interface BudgetRow {
  resource_id: string;
  version: number;
  /** BudgetState as JSON. */
  state: string;
  updated_at: number;
}

/** What a change makes of the state that it meets; `state` null: nothing is written. */
type Change<T> = (before: BudgetState, now: number) => { state: BudgetState | null; answer: T };

/** Writers meet for a moment only, so one of them is through after a few tries. */
const TRIES = 20;
/** After that many lost races a later try is as good. */
const CONTENDED_MS = 500;

/** Leases requests to GHL to this process, or returns how long to wait, in milliseconds. */
export async function leaseRequests(ctx: StoreContext, resourceId: ResourceId, wish: LeaseWish): Promise<LeaseAnswer> {
  const answer = await changeBudget(ctx, resourceId, (before, now) => {
    const { state, answer: given } = lease(before, now, wish);
    // A refusal writes nothing: a crowd that waits costs reads alone.
    return { state: given.kind === 'granted' ? state : null, answer: given };
  });
  return answer ?? { kind: 'wait', waitMs: CONTENDED_MS };
}

/** Closes a location's budget for all processes, for so many milliseconds: GHL refused (429). */
export async function closeBudget(ctx: StoreContext, resourceId: ResourceId, forMs: number): Promise<void> {
  await changeBudget(ctx, resourceId, (before, now) => ({ state: closed(before, now, forMs), answer: null }));
}

/** Takes over from GHL's headers how little is left, where that is less than we know of. */
export async function lowerBudget(ctx: StoreContext, resourceId: ResourceId, quota: Quota): Promise<void> {
  await changeBudget(ctx, resourceId, (before, now) => ({ state: lowered(before, now, quota), answer: null }));
}

/** Compares and sets until it is through; nothing is locked meanwhile. Returns null when others were always faster. */
async function changeBudget<T>(ctx: StoreContext, resourceId: ResourceId, change: Change<T>): Promise<T | null> {
  for (let tries = 0; tries < TRIES; tries++) {
    const row = await readBudget(ctx, resourceId);
    const now = await ctx.db.now();
    const { state, answer } = change(row === undefined ? unusedBudget() : (JSON.parse(row.state) as BudgetState), now);
    if (state === null) return answer;
    const next = { version: (row?.version ?? 0) + 1, state: JSON.stringify(state), updated_at: now };
    if (await setBudget(ctx, resourceId, row, next)) return answer;
  }
  return null;
}

async function readBudget(ctx: StoreContext, resourceId: ResourceId): Promise<BudgetRow | undefined> {
  return await ctx.db.knex<BudgetRow>('ghl_budgets').where({ resource_id: resourceId }).first();
}

async function setBudget(
  ctx: StoreContext,
  resourceId: ResourceId,
  before: BudgetRow | undefined,
  next: Omit<BudgetRow, 'resource_id'>,
): Promise<boolean> {
  if (before !== undefined) {
    const unchanged = { resource_id: resourceId, version: before.version };
    return (await ctx.db.knex<BudgetRow>('ghl_budgets').where(unchanged).update(next)) === 1;
  }
  // Made empty first: whoever makes it, the winner is who sets the first version.
  const empty = { version: 0, state: JSON.stringify(unusedBudget()), updated_at: next.updated_at };
  await ctx.db
    .knex('ghl_budgets')
    .insert({ resource_id: resourceId, ...empty })
    .onConflict('resource_id')
    .merge(['resource_id']);
  return (
    (await ctx.db.knex<BudgetRow>('ghl_budgets').where({ resource_id: resourceId, version: 0 }).update(next)) === 1
  );
}
