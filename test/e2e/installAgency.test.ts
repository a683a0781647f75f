import { eventually } from '../support/adminClient';
import { startProcess, type BridgeProcess } from '../support/bridgeProcess';
import { openBrowser } from '../support/installBrowser';
import { useTemporal } from '../support/temporalServer';
import { openWorld, type World } from '../support/world';

/** 500 tokens, and a page now and then, at no more than 80 requests in 10 seconds (what can wait leaves the rest). */
jest.setTimeout(240_000);

const COMPANY = 'sbx-agency';
const COUNT = 500;
/** It is killed once so many are connected. */
const KILL_AT = 120;

const temporal = useTemporal();
let world: World;
let bridge: BridgeProcess;

beforeAll(async () => {
  world = await openWorld(temporal, { env: { SWEEP_INTERVAL_MS: '1000' } });
  for (let n = 0; n < COUNT; n++) world.ghl.addLocation({ id: `agency-location-${n}`, companyId: COMPANY });
  bridge = await startProcess(world);
});

interface Listed {
  resourceId: string;
  state: string;
  reason?: string;
  locations?: { known: number; connected: number };
}

async function agency(): Promise<Listed> {
  const { body } = await bridge.admin.call('GET', '/admin/v1/installations');
  return (body as { installations: Listed[] }).installations.find(({ resourceId }) => resourceId === COMPANY)!;
}

const requests = (operation: string) => world.ghl.journal.entries.filter((one) => one.operation === operation);

test('an agency with 500 locations: the process is killed on the way, another one goes on from there', async () => {
  const shown = await openBrowser().open(`${world.publicUrl}/oauth/install`, { company_id: COMPANY });
  expect(shown.page).toContain(`Its ${COUNT} locations`);
  await eventually(async () => expect((await agency()).locations!.connected).toBeGreaterThan(KILL_AT), 90_000);
  await bridge.kill();
  const before = requests('locationToken').length;
  expect(before).toBeLessThan(COUNT);
  bridge = await startProcess(world);
  const { locations } = await agency();
  expect(locations!.known).toBe(COUNT);
  expect(locations!.connected).toBeGreaterThan(KILL_AT);
  await eventually(async () => expect((await agency()).locations).toEqual({ known: COUNT, connected: COUNT }), 150_000);
  const minted = requests('locationToken').filter(({ status }) => status === 200);
  // At most the one in hand when it was killed was asked for twice.
  expect(minted.length).toBeLessThanOrEqual(COUNT + 1);
  expect(world.ghl.journal.entries.filter(({ status }) => status === 429)).toEqual([]);
  expect(mostInTenSeconds([...requests('locationToken'), ...requests('installedLocations')])).toBeLessThanOrEqual(100);
});

function mostInTenSeconds(entries: { at: number }[]): number {
  return Math.max(...entries.map(({ at }) => entries.filter((one) => one.at >= at && one.at < at + 10_000).length));
}
