import type { PartLimits } from '../../src/domain/parts';

/** Longest texts of the gateways of these tests: wide, so that a test that is not about them never meets them. */
export const LIMITS: PartLimits = {
  text: { units: 4096, encodedBytes: 40_000 },
  caption: { units: 1024, encodedBytes: 40_000 },
};
