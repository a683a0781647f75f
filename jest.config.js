/**
 * One project a layer (see test/README.md), so that its servers are started only when one of its tests runs. Jest runs
 * a setup once for each file named here, so each layer has its own.
 */
const setups = {
  pure: undefined,
  store: '<rootDir>/test/support/setup/store.ts',
  activities: undefined,
  contract: undefined,
  replay: '<rootDir>/test/support/setup/replay.ts',
  e2e: '<rootDir>/test/support/setup/e2e.ts',
  // Only `npm run test:topology` runs it: the servers it needs take minutes to build on a new machine.
  topology: '<rootDir>/test/topology/setup.ts',
};

const swc = { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } };

module.exports = {
  maxWorkers: 2,
  testTimeout: 60_000,
  projects: Object.entries(setups).map(([layer, globalSetup]) => ({
    displayName: layer,
    testEnvironment: 'node',
    roots: ['<rootDir>/test'],
    testMatch: [`<rootDir>/test/${layer}/**/*.test.ts`, ...(layer === 'e2e' ? ['<rootDir>/test/cost.test.ts'] : [])],
    setupFiles: ['<rootDir>/test/support/setup/properties.ts'],
    transform: { '^.+\\.ts$': ['@swc/jest', swc] },
    ...(globalSetup && { globalSetup, globalTeardown: '<rootDir>/test/support/setup/teardown.ts' }),
  })),
};
