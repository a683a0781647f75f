import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { reasonWords } from '../src/domain/reasons';
import type { Standing, StepResult } from '../src/domain/workflowTypes';

const STATUS = defineSearchAttributeKey('MessageStatus', SearchAttributeType.KEYWORD);
const CONNECTION = defineSearchAttributeKey('ConnectionId', SearchAttributeType.KEYWORD);

/** Shows a message's standing in the Web UI: search attributes (only what changed) and the current details. */
export function showStanding({ state, reason, connectionId, receiptsForMs }: Standing): void {
  upsertChanged(state, connectionId);
  const why = reason === null ? '' : `\n\n${reasonWords(reason)}`;
  const next = receiptsForMs === null ? 'Nothing more is expected.' : `Next: a receipt, until ${inMs(receiptsForMs)}.`;
  setCurrentDetails(`**${state}** since ${inMs(0)}. ${next}${why}`);
}

/** Shows that a message waits: since when, why, and what happens next. */
export function showWait(step: StepResult & { kind: 'wait' }): void {
  upsertChanged(step.state, null);
  const why = step.text ?? reasonWords(step.reason);
  setCurrentDetails(
    `**${step.state}** since ${inMs(0)}. Next: tried again at ${inMs(step.ms)}, or when woken.\n\n${why}`,
  );
}

function upsertChanged(state: string, connectionId: string | null): void {
  const known = workflowInfo().typedSearchAttributes;
  const changes = [];
  if (known.get(STATUS) !== state) changes.push({ key: STATUS, value: state });
  if (connectionId !== null && known.get(CONNECTION) !== connectionId)
    changes.push({ key: CONNECTION, value: connectionId });
  if (changes.length > 0) upsertSearchAttributes(changes);
}

/** Returns the workflow's time as details show it, `ms` milliseconds from now. Temporal makes Date deterministic. */
export function inMs(ms: number): string {
  return shownTime(Date.now() + ms);
}

/** Returns a time (epoch milliseconds) as details show it: UTC, to the second. */
export function shownTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
