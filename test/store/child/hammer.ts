import { openTestStore } from '../../support/store';
import { HAMMER_TIMINGS, hammer } from '../hammer';

/** A worker process: sends what it gets of the given locations' messages until all are closed; says each grant. */
async function main(): Promise<void> {
  const [, , , target = '', ...locationIds] = process.argv;
  const ledger = await openTestStore({
    kind: 'mysql',
    realClock: true,
    target,
    timings: HAMMER_TIMINGS,
    random: Math.random,
  });
  await hammer(ledger, locationIds, (partId) => void process.stdout.write(`granted ${partId}\n`));
  process.stdout.write('done\n');
  await ledger.close();
}

void main();
