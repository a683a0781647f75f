import type { Priority } from '../domain/requestBudget';

/** With what a request on behalf of a location is made. */
export interface GhlAccess {
  /** In clear: never logged, never given to Temporal. */
  accessToken: string;
  /** The location (or company) that the token is for: GHL counts requests by it. */
  resourceId: string;
  /** high: statuses, posts, replies. low: what can wait. */
  priority: Priority;
}
