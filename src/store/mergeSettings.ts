/** Returns stored settings (JSON) with some set anew; null takes one back, the rest stays. */
export function mergeSettings(stored: string, patch: Record<string, unknown>): Record<string, unknown> {
  const merged = Object.entries({ ...(JSON.parse(stored) as object), ...patch });
  return Object.fromEntries(merged.filter(([, value]) => value !== null));
}
