import type { Knex } from 'knex';
import { DomainError } from '../domain/errors';
import type { Db } from './db';
import * as initial from './migrations/0001_initial';
import * as parts from './migrations/0002_parts';
import * as media from './migrations/0003_media';
import * as ladder from './migrations/0005_ladder';
import * as alerts from './migrations/0004_alerts';
import * as budget from './migrations/0006_budget';
import * as retention from './migrations/0007_retention';
import * as installations from './migrations/0010_installations';
import * as externalAuth from './migrations/0012_external_auth';
import * as tokens from './migrations/0011_tokens';
import * as sessions from './migrations/0013_sessions';
import * as inboundFiles from './migrations/0014_inbound_files';
import * as identities from './migrations/0015_identities';
import * as optOuts from './migrations/0016_opt_outs';
import * as rotation from './migrations/0017_rotation';
import * as groups from './migrations/0018_groups';
import * as lanes from './migrations/0019_lanes';
import * as classes from './migrations/0020_classes';
import * as resends from './migrations/0021_resends';
import * as backlogs from './migrations/0022_backlogs';
import * as numberCalls from './migrations/0023_number_calls';
import * as routing from './migrations/0024_routing';
import * as fullerEchoes from './migrations/0030_fuller_echoes';
import * as lookPasses from './migrations/0031_look_passes';
import * as foundByIndex from './migrations/0032_found_by_index';

const MIGRATIONS: { name: string; up(knex: Knex): Promise<void>; down(): Promise<void> }[] = [
  { name: '0001_initial', up: initial.up, down: initial.down },
  { name: '0002_parts', up: parts.up, down: parts.down },
  { name: '0003_media', up: media.up, down: media.down },
  { name: '0004_alerts', up: alerts.up, down: alerts.down },
  { name: '0005_ladder', up: ladder.up, down: ladder.down },
  { name: '0006_budget', up: budget.up, down: budget.down },
  { name: '0007_retention', up: retention.up, down: retention.down },
  { name: '0010_installations', up: installations.up, down: installations.down },
  { name: '0011_tokens', up: tokens.up, down: tokens.down },
  { name: '0012_external_auth', up: externalAuth.up, down: externalAuth.down },
  { name: '0013_sessions', up: sessions.up, down: sessions.down },
  { name: '0014_inbound_files', up: inboundFiles.up, down: inboundFiles.down },
  { name: '0015_identities', up: identities.up, down: identities.down },
  { name: '0016_opt_outs', up: optOuts.up, down: optOuts.down },
  { name: '0017_rotation', up: rotation.up, down: rotation.down },
  { name: '0018_groups', up: groups.up, down: groups.down },
  { name: '0019_lanes', up: lanes.up, down: lanes.down },
  { name: '0020_classes', up: classes.up, down: classes.down },
  { name: '0021_resends', up: resends.up, down: resends.down },
  { name: '0022_backlogs', up: backlogs.up, down: backlogs.down },
  { name: '0023_number_calls', up: numberCalls.up, down: numberCalls.down },
  { name: '0024_routing', up: routing.up, down: routing.down },
  { name: '0030_fuller_echoes', up: fullerEchoes.up, down: fullerEchoes.down },
  { name: '0031_look_passes', up: lookPasses.up, down: lookPasses.down },
  { name: '0032_found_by_index', up: foundByIndex.up, down: foundByIndex.down },
];

const source: Knex.MigrationSource<(typeof MIGRATIONS)[number]> = {
  getMigrations: () => Promise.resolve(MIGRATIONS),
  getMigrationName: (migration) => migration.name,
  getMigration: (migration) => Promise.resolve(migration),
};

/** knex leaves its client untyped. */
interface Pool {
  acquireConnection(): Promise<unknown>;
  releaseConnection(connection: unknown): Promise<void>;
}

const LOCK = 'ghl_waapify_bridge_migrations';
const LOCK_WAIT_S = 120;

/**
 * Brings the schema up to date. Several processes may start at once on an empty database: MySQL's named lock lets one
 * of them work and is dropped with its connection, so a killed migrator blocks nobody. SQLite has one process.
 */
export async function migrate(db: Db): Promise<void> {
  if (db.kind === 'sqlite') return await run(db.knex);
  const pool = db.knex.client as Pool;
  const connection = await pool.acquireConnection();
  try {
    const lock = db.knex.raw('SELECT GET_LOCK(?, ?) AS got', [LOCK, LOCK_WAIT_S]).connection(connection);
    const [rows] = (await lock) as [{ got: number | null }[]];
    if (rows[0]?.got !== 1) throw busy();
    await run(db.knex);
  } finally {
    await db.knex.raw('SELECT RELEASE_LOCK(?)', [LOCK]).connection(connection);
    await pool.releaseConnection(connection);
  }
}

function busy(): DomainError {
  const message = `Another process has been bringing the schema up to date for over ${LOCK_WAIT_S} seconds. Start again when it is done.`;
  return new DomainError('schema_locked', 'later', message);
}

async function run(knex: Knex): Promise<void> {
  const config = { migrationSource: source, tableName: 'schema_migrations' };
  // We are alone here, so a lock row that knex finds was left by a killed process.
  await knex.migrate.forceFreeMigrationsLock(config);
  await knex.migrate.latest(config);
}
