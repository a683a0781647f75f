import { Command, Option } from 'commander';
import { connect, type ConnectOptions } from './commands/connect';
import { listConnections } from './commands/connections';
import { reconcile, type ReconcileOptions } from './commands/reconcile';
import { listInstallations } from './commands/installations';
import { erase, type EraseOptions } from './commands/erase';
import { exportData, type ExportOptions } from './commands/export';
import { checkTemporal, rotateKeys } from './commands/maintenance';
import { cancelMessage, moveMessage, resendMessage, showMessage } from './commands/messages';
import { scanQr, type QrOptions } from './commands/qr';
import { listOutages } from './commands/outages';
import { refreshToken } from './commands/refresh';
import { pauseNumber, reconnectNumber, resumeNumber, type NumberOptions } from './commands/number';
import { rotateWebhook, type RotateWebhookOptions } from './commands/rotateWebhook';
import type { Session } from './session';

/** Runs one command with a session that is opened for it, and closed after it. */
export type Run = (work: (session: Session) => Promise<void>, json: boolean) => Promise<void>;

/** Returns the command line of `ops`: what there is, and which file does it. */
export function createProgram(run: Run): Command {
  const program = new Command('ops')
    .description("The operator's commands. They talk to the running bridge (ADMIN_HOST, ADMIN_PORT, ADMIN_TOKEN).")
    .option('--json', "print the bridge's answers as JSON", false)
    .showHelpAfterError();
  const json = (): boolean => program.opts<{ json: boolean }>().json;

  program
    .command('connect')
    .description('connect a WhatsApp number to a location')
    .requiredOption('--location <id>', "GHL's id of the location")
    .requiredOption('--instance <id>', "the gateway's id of the number")
    .addOption(
      new Option(
        '--token-file <file>',
        "file that holds the access token of the gateway (its company's unless given)",
      ).conflicts('token'),
    )
    .option('--token <token>', 'the access token itself; others can see it in the list of processes')
    .option('--number <number>', 'the phone number, where the gateway does not tell it')
    .option('--base-url <url>', 'address of the gateway (WAAPIFY_BASE_URL unless given)')
    .option('--dialect <name>', 'generation of its API: php-v1 (send.php, the default) or slash-v2 (send)')
    .action((options: ConnectOptions) => run((session) => connect(session, options), json()));

  program
    .command('qr')
    .description('show the QR code of a number until it is connected')
    .requiredOption('--connection <id>', 'id of the connection (see: connections)')
    .option('--out <file>', 'write the picture (PNG) to a file as well')
    .action((options: QrOptions) => run((session) => scanQr(session, options), json()));

  program
    .command('connections')
    .description('list the connected numbers and what waits on them')
    .action(() => run(listConnections, json()));

  addNumber(program, run, json);

  program
    .command('installations')
    .description('list the locations that have installed the app')
    .action(() => run(listInstallations, json()));

  program
    .command('reconcile')
    .description('look again at one installation, or at all that are not settled')
    .option('--location <id>', "GHL's id of the location")
    .addOption(
      new Option('--company <id>', "GHL's id of the company: its locations are walked anew").conflicts('location'),
    )
    .action((options: ReconcileOptions) => run((session) => reconcile(session, options), json()));

  program
    .command('refresh')
    .description('renew the token of a location or company now, and resume what it held')
    .argument('<resource>', "GHL's id of the location or company (see: installations)")
    .action((resource: string) => run((session) => refreshToken(session, resource), json()));

  program
    .command('outages')
    .description('list when the bridge or a number was away, and what was sent in GHL meanwhile and never came')
    .action(() => run(listOutages, json()));

  addMessages(program, run, json);
  addData(program, run, json);

  program
    .command('temporal:check')
    .description('check what Temporal lacks; prints the commands that mend it')
    .action(() => run(checkTemporal, json()));

  program
    .command('keys:rotate')
    .description('encrypt anew with the first key of ENCRYPTION_KEYS whatever an older one encrypted')
    .action(() => run(rotateKeys, json()));

  program
    .command('webhook:rotate')
    .description(
      "change the secret in the address to which a number's gateway posts; the old one is good until it is told",
    )
    .requiredOption('--connection <id>', 'id of the connection (see: connections)')
    .action((options: RotateWebhookOptions) => run((session) => rotateWebhook(session, options), json()));
  return program;
}

function addMessages(program: Command, run: Run, json: () => boolean): void {
  const messages = program.command('messages').description('look at one message, cancel it or send it again');
  const key = "GHL's messageId, or <source>-<source key>";
  messages
    .command('show')
    .description('show where a message stands and what happens next')
    .argument('<location>', "GHL's id of the location")
    .argument('<message>', key)
    .action((location: string, message: string) => run((session) => showMessage(session, location, message), json()));
  messages
    .command('cancel')
    .description('cancel a message that is not being sent yet')
    .argument('<location>', "GHL's id of the location")
    .argument('<message>', key)
    .action((location: string, message: string) => run((session) => cancelMessage(session, location, message), json()));
  messages
    .command('resend')
    .description('send a message again that has failed or is unknown: a new attempt of the same one')
    .argument('<location>', "GHL's id of the location")
    .argument('<message>', key)
    .action((location: string, message: string) => run((session) => resendMessage(session, location, message), json()));
  messages
    .command('move')
    .description('move a waiting message to another number, with what else waits for its contact')
    .argument('<location>', "GHL's id of the location")
    .argument('<message>', key)
    .argument('<connection>', 'the number on which it is to go (ops connections lists them)')
    .action((location: string, message: string, connection: string) =>
      run((session) => moveMessage(session, location, message, connection), json()),
    );
}

function addNumber(program: Command, run: Run, json: () => boolean): void {
  const commands = [
    [
      'reconnect',
      "ask a number's gateway at once how it is; what waits goes out when it is connected",
      reconnectNumber,
    ],
    ['pause', 'hold what waits on a number, and what comes, until it is resumed', pauseNumber],
    ['resume', 'end the pause of a number: what waits goes out in order', resumeNumber],
  ] as const;
  for (const [name, description, work] of commands)
    program
      .command(name)
      .description(description)
      .requiredOption('--connection <id>', 'id of the connection (see: connections)')
      .action((options: NumberOptions) => run((session) => work(session, options), json()));
}

function addData(program: Command, run: Run, json: () => boolean): void {
  const location = ['--location <id>', "GHL's id of the location"] as const;
  const contact = ['--contact <id>', "GHL's id of the contact; in every location unless one is given"] as const;
  program
    .command('erase')
    .description('erase for good what is held of a location or a contact; bare facts stay')
    .option(...location)
    .option(...contact)
    .option('--yes', 'do not ask')
    .action((options: EraseOptions) => run((session) => erase(session, options), json()));
  program
    .command('export')
    .description('write everything that is held of a location or a contact as JSON lines')
    .option(...location)
    .option(...contact)
    .option('--out <file>', 'write it to a new file that its owner alone can read')
    .action((options: ExportOptions) => run((session) => exportData(session, options), json()));
}
