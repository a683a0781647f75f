/** What happens around an installation, as GHL and the browser bring it. */
export const STEPS = ['INSTALL', 'callback', 'EXTERNAL_AUTH', 'UNINSTALL'] as const;
export type Step = (typeof STEPS)[number];

/** Returns every order of some things. */
export function ordersOf<T>(things: readonly T[]): T[][] {
  if (things.length === 0) return [[]];
  return things.flatMap((first, n) =>
    ordersOf([...things.slice(0, n), ...things.slice(n + 1)]).map((rest) => [first, ...rest]),
  );
}

/** How an installation stands; `kept`: credentials wait for its tokens; `connected`: it has its number. */
export interface Standing {
  state: 'pending' | 'installed' | 'uninstalled' | undefined;
  kept: boolean;
  connected: boolean;
}

/** Returns how it should stand after these steps, one after the other. */
export function standingAfter(steps: readonly Step[]): Standing {
  return steps.reduce<Standing>(stepOn, { state: undefined, kept: false, connected: false });
}

function stepOn(before: Standing, step: Step): Standing {
  const { state, kept, connected } = before;
  switch (step) {
    case 'INSTALL':
      return { ...before, state: state === 'installed' ? state : 'pending' };
    case 'callback':
      return { state: 'installed', kept: false, connected: connected || kept };
    case 'EXTERNAL_AUTH': {
      const bound = connected || state === 'installed';
      return { state, kept: !bound, connected: bound };
    }
    case 'UNINSTALL':
      return { state: 'uninstalled', kept: false, connected };
  }
}
