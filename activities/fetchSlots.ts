/** How many fetches one process has in hand at once. */
export interface FetchSlots {
  /** Returns how the slot that was taken is given back; null: there is none now. */
  take(who: string): (() => void) | null;
}

/** Returns `total` slots, of which one `who` has at most `each`: nobody takes them all. */
export function createFetchSlots({ total, each }: { total: number; each: number }): FetchSlots {
  const inHand = new Map<string, number>();
  let taken = 0;
  const change = (who: string, by: number): void => {
    const left = (inHand.get(who) ?? 0) + by;
    if (left === 0) inHand.delete(who);
    else inHand.set(who, left);
    taken += by;
  };
  return {
    take: (who) => {
      if (taken >= total || (inHand.get(who) ?? 0) >= each) return null;
      change(who, 1);
      return () => change(who, -1);
    },
  };
}
