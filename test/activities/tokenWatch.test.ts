import { renewDue } from '../../src/loops/tokenWatch';
import { COMPANY, LOCATION, openTokenWorld, type TokenWorld } from '../support/tokenWorld';

let world: TokenWorld;

beforeEach(async () => {
  world = await openTokenWorld();
  await world.installLocation(COMPANY);
  await world.installCompany();
});
afterEach(() => world.close());

test('starts the renewal of what is due, locations and companies, though nobody asked for their tokens', async () => {
  await renewDue(world.deps.app);
  expect(world.started).toEqual([]);
  world.pass(86_000_000);
  await renewDue(world.deps.app);
  expect(world.started.sort()).toEqual([
    [COMPANY, 1],
    [LOCATION, 1],
  ]);
  await renewDue(world.deps.app);
  expect(world.started).toHaveLength(2);
});

test('what can not be started, for Temporal is down, holds up nobody and is due again', async () => {
  world.pass(86_000_000);
  const tried: string[] = [];
  const starter = {
    ...world.deps.app.starter,
    refreshToken: (id: string) => {
      tried.push(id);
      return Promise.reject(new Error('down'));
    },
  };
  await renewDue({ ...world.deps.app, starter });
  expect(tried.sort()).toEqual([COMPANY, LOCATION]);
  expect(world.logs.join('')).toContain('stays due');
  world.pass(600_000);
  await renewDue(world.deps.app);
  expect(world.started).toHaveLength(2);
});
