import { needBuild, needMysql, needTemporalCli } from './needs';

/** Jest's globalSetup of the layer `e2e`. */
export default async function setup(): Promise<void> {
  await needBuild();
  await needTemporalCli();
  await needMysql();
}
