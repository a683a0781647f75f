import fc from 'fast-check';

/**
 * Property tests try the same cases each time, so that a change is red for what it changed. `PROPERTY_SEED=random` looks
 * for new ones (as does another number), `PROPERTY_RUNS` for more of them where a test does not say how many.
 */
const { PROPERTY_SEED = '20261121', PROPERTY_RUNS } = process.env;

fc.configureGlobal({
  ...(PROPERTY_SEED === 'random' ? {} : { seed: Number(PROPERTY_SEED) }),
  ...(PROPERTY_RUNS === undefined ? {} : { numRuns: Number(PROPERTY_RUNS) }),
});
