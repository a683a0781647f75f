import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { asDomainError } from '../domain/errors';
import { startSandboxGhl } from './ghl';
import { startSandboxWaapify } from './waapify';

/** A stand-in that runs: what was printed about it, and how to end it. */
export interface RunningSandbox {
  facts: Record<string, string>;
  stop(): Promise<void>;
}

function port(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new InvalidArgumentError('must be a port, 0 to 65535');
}

function milliseconds(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError('must be a number of milliseconds');
}

interface GhlFlags {
  port: number;
  deliveryUrl?: string;
  webhookUrl?: string;
  clientId?: string;
  clientSecret?: string;
  statusWindow: number;
}

async function runGhl(flags: GhlFlags): Promise<RunningSandbox> {
  const { deliveryUrl, webhookUrl, clientId, clientSecret, statusWindow } = flags;
  const ghl = await startSandboxGhl({
    port: flags.port,
    webhookUrl,
    clientId,
    clientSecret,
    providers: [{ id: 'sbx-provider-sms', deliveryUrl }],
    settings: { statusWindowMs: statusWindow },
  });
  const { url, publicKeyPem } = ghl;
  const facts = { sandbox: 'ghl', url, clientId: ghl.clientId, clientSecret: ghl.clientSecret, publicKeyPem };
  return { facts, stop: ghl.stop };
}

async function runWaapify(flags: { port: number; token?: string }): Promise<RunningSandbox> {
  const { baseUrl, url, token, instances, stop } = await startSandboxWaapify(flags);
  return { facts: { sandbox: 'waapify', url, baseUrl, token, instanceId: instances()[0]?.id ?? '' }, stop };
}

/**
 * Runs `sandbox ghl|waapify --port N`. Tells `announce` one line of JSON once it listens: its address and what the
 * bridge must be given. Returns the running stand-in. Throws commander's errors for bad arguments.
 */
export async function runSandbox(args: readonly string[], announce: (line: string) => void): Promise<RunningSandbox> {
  const started: RunningSandbox[] = [];
  const keep = (running: RunningSandbox) => {
    started.push(running);
    announce(JSON.stringify(running.facts));
  };
  const program = new Command('sandbox')
    .description('Stand-ins for GHL and Waapify: try the bridge without accounts. Controls under /__sandbox.')
    .exitOverride();
  program
    .command('ghl')
    .description('a stand-in for GHL: OAuth, contacts, conversations, and the agent who sends')
    .option('--port <number>', '0 takes a free one', port, 0)
    .option('--delivery-url <url>', "where the agent's messages are posted")
    .option('--webhook-url <url>', 'where app events (INSTALL, ...) are posted')
    .option('--client-id <id>', 'the app that may ask for tokens')
    .option('--client-secret <secret>', 'its secret; a random one when absent')
    .option('--status-window <ms>', 'how long a new message refuses status updates', milliseconds, 0)
    .exitOverride()
    .action(async (flags: GhlFlags) => keep(await runGhl(flags)));
  program
    .command('waapify')
    .description('a stand-in for a Waapify gateway with one connected number')
    .option('--port <number>', '0 takes a free one', port, 0)
    .option('--token <token>', 'the access token')
    .exitOverride()
    .action(async (flags: { port: number; token?: string }) => keep(await runWaapify(flags)));
  await program.parseAsync(args, { from: 'user' });
  const [running] = started;
  return running ?? { facts: {}, stop: () => Promise.resolve() };
}

async function main(): Promise<void> {
  const starting = runSandbox(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
  // Before the stand-in has told anyone that it runs: whoever reads the line may end it at once.
  const end = () => void starting.then(({ stop }) => stop()).then(() => process.exit(0));
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  await starting;
}

if (require.main === module) {
  main().catch((error: unknown) => {
    // Commander has printed what was wrong by itself, or the help that was asked for.
    const said = error instanceof CommanderError;
    if (!said) process.stderr.write(`${asDomainError(error).message}\n`);
    process.exitCode = said ? error.exitCode : 1;
  });
}
