import { needMysql } from './needs';

/** Jest's globalSetup of the layer `store`. */
export default needMysql;
