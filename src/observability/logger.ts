import { pino, stdTimeFunctions, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { cleanFields, cleanValue } from './cleanFields';
import { isError } from './describeError';

/** The log of this process: JSON lines. `child` adds fields; they are cleaned like all others. */
export type Logger = PinoLogger;

export interface LoggerOptions {
  /** Least level that is written: fatal, error, warn, info, debug, trace or silent. */
  level: string;
  /** Where the lines go; standard output unless told. */
  destination?: DestinationStream;
}

type LogArguments = Parameters<PinoLogger['info']>;

/**
 * pino sees no error, only descriptions: of an error it would make the message the line's message, past all redaction.
 * One logged by itself is put under `err`, where pino would have put it.
 */
function cleanArguments([first, ...rest]: readonly unknown[]): LogArguments {
  const fields = isError(first) ? { err: first } : first;
  return [fields, ...rest].map(cleanValue) as LogArguments;
}

/**
 * Returns a logger that redacts by field name at any depth, describes errors without foreign messages, and cleans
 * every text of addresses, credentials and numbers: no call can put a phone number, text, token or media address into
 * a line by carelessness.
 */
export function createLogger({ level, destination }: LoggerOptions): Logger {
  const logger = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Errors are described before pino sees them; its own serializer would read causes and messages again.
      serializers: { err: (value: unknown) => value },
      hooks: {
        logMethod(args, method) {
          method.apply(this, cleanArguments(args));
        },
      },
    },
    destination,
  );
  return withCleanChildren(logger);
}

/** pino formats the fields of a child only when the child asks for it, so they are cleaned before it sees them. */
function withCleanChildren(logger: Logger): Logger {
  const { child, setBindings } = logger;
  logger.child = function cleanChild(this: Logger, fields, options) {
    return child.call(this, cleanFields(fields), options);
  } as Logger['child'];
  logger.setBindings = function setCleanBindings(this: Logger, fields) {
    setBindings.call(this, cleanFields(fields));
  };
  return logger;
}
