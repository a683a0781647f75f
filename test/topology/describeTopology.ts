import { missingTool } from './temporalOnMysql';

/** `describe` for what needs the real Temporal on MySQL; where there is none the cases are reported as skipped. */
export const describeTopology = missingTool() === null ? describe : describe.skip;
