/** How many things one process has in hand at once. */
export interface Slots {
  /** Returns how the slot that was taken is given back; null: there is none now. */
  take(who: string): (() => void) | null;
}

export interface SlotLimits {
  total: number;
  /** How many one `who` may have in hand while this many are free. */
  each: (free: number) => number;
}

/** Returns `total` slots, of which one `who` has no more than its share: nobody takes them all. */
export function createSlots({ total, each }: SlotLimits): Slots {
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
      const free = total - taken;
      if (free <= 0 || (inHand.get(who) ?? 0) >= each(free)) return null;
      change(who, 1);
      return () => change(who, -1);
    },
  };
}
