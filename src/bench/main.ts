import { Command } from 'commander';
import { chaosCommand } from './chaos/command';
import { ingressCommand } from './ingress/command';
import { lanesCommand } from './lanes/command';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const program = new Command('bench')
  .description('Measurements. Each prints the machine it ran on; run it several times before you believe it.')
  .addCommand(ingressCommand(say))
  .addCommand(lanesCommand(say))
  .addCommand(chaosCommand(say));

if (process.argv.length === 2) program.outputHelp();
else {
  program.parseAsync().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : 'The bench failed.'}\n`);
      process.exit(1);
    },
  );
}
