/**
 * Returns how much later than it might have gone each part was written, in milliseconds, but for the first: the gap runs
 * from write to write, and nothing else keeps the next one back. Below 0: the gap was not kept.
 * @param writes times of the writes of one number on which somebody always waits, oldest first
 */
export function slotErrors(writes: readonly number[], gapMs: number): number[] {
  return writes.slice(1).map((at, index) => at - (writes[index] ?? 0) - gapMs);
}
