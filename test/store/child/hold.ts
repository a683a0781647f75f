import { DomainError } from '../../../src/domain/errors';
import { openDb } from '../../../src/store/db';

/** Opens the SQLite file of its argument and keeps it open until it is killed; says `held`, or why not. */
const [, , , path = ''] = process.argv;

try {
  openDb({ kind: 'sqlite', path });
  process.stdout.write('held\n');
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stdout.write(`refused ${error instanceof DomainError ? error.code : String(error)}\n`);
}
