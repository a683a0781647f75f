import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { temporal } from '@temporalio/proto';

type History = temporal.api.history.v1.IHistory;
const { EventType } = temporal.api.enums.v1;

/** What a history costs: events, encoded bytes, and the Actions that a Temporal bill would show. */
export interface Cost {
  events: number;
  bytes: number;
  actions: number;
}

/**
 * Temporal's price list (docs, "Actions"): a start, each scheduled activity, timer, signal and upsert of search
 * attributes is one Action; what the server and worker do in between is none.
 */
const ACTIONS = new Set([
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
  EventType.EVENT_TYPE_TIMER_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
  EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
]);

/** Returns what a history has cost so far. */
export function costOf(history: History): Cost {
  const events = history.events ?? [];
  return {
    events: events.length,
    bytes: temporal.api.history.v1.History.encode(history).finish().length,
    actions: events.filter((event) => ACTIONS.has(event.eventType!)).length,
  };
}

/** Returns the names of a history's events in order, for readable failures. */
export function eventNames(history: History): string[] {
  return (history.events ?? []).map((event) => String(EventType[event.eventType ?? 0]).replace('EVENT_TYPE_', ''));
}

/** Returns everything that a history says, the payloads in clear as well: they are base64 in its JSON. */
export function inClear(history: History): string {
  const json = historyToJSON(history);
  const payloads = [...json.matchAll(/"data": ?"([^"]*)"/g)].map((match) =>
    Buffer.from(match[1]!, 'base64').toString(),
  );
  return [json, ...payloads].join('\n');
}
