import { createConnection } from 'mysql2/promise';

/**
 * Leaves MySQL as its container leaves it after its first start: a database and an account for the bridge that may do
 * anything in it and nothing elsewhere, then what compose puts into the folder of set-up scripts. Throws what MySQL says.
 */
export async function prepareAccounts(port: number, bridgePassword: string, setupScript: string): Promise<void> {
  // The tool's root has no password.
  const connection = await createConnection({ host: '127.0.0.1', port, user: 'root', multipleStatements: true });
  try {
    await connection.query('DROP DATABASE temporal; DROP DATABASE temporal_visibility; DROP USER bridge');
    // What the image does with MYSQL_USER, MYSQL_PASSWORD and MYSQL_DATABASE.
    await connection.query("CREATE USER 'bridge'@'%' IDENTIFIED BY ?", [bridgePassword]);
    await connection.query("GRANT ALL ON bridge.* TO 'bridge'@'%'");
    await connection.query(setupScript);
  } finally {
    await connection.end();
  }
}
