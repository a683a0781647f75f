import { needBuild, needTemporalCli } from '../support/setup/needs';
import { missingTool } from './temporalOnMysql';

/** Jest's globalSetup of the layer `topology`. */
export default async function setup(): Promise<void> {
  const missing = missingTool();
  if (missing !== null) {
    process.stderr.write(`[topology] SKIPPED: ${missing}.\n`);
    return;
  }
  await needBuild();
  await needTemporalCli();
}
