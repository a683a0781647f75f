import { needBuild } from './needs';

/** Jest's globalSetup of the layer `replay`. */
export default needBuild;
