import { openStoreAt } from '../../support/storeAt';
import { HAMMER_OPTIONS, hammer } from '../hammer';

/** A worker process: sends what it gets of the given locations' messages until all are closed; says each grant. */
async function main(): Promise<void> {
  const [, , , target = '', ...locationIds] = process.argv;
  const options = { kind: 'mysql' as const, realClock: true, ...HAMMER_OPTIONS, random: Math.random };
  const ledger = await openStoreAt(target, options);
  await hammer(ledger, locationIds, (partId) => void process.stdout.write(`granted ${partId}\n`));
  process.stdout.write('done\n');
  await ledger.close();
}

void main();
