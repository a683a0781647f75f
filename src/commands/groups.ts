import type { ConnectionRow } from '../store/rows';

/** Returns whether a connection takes part in groups: its setting `groups`, off unless somebody has set it. */
export function groupsAreOn({ settings }: Pick<ConnectionRow, 'settings'>): boolean {
  return (JSON.parse(settings) as { groups?: boolean }).groups === true;
}
