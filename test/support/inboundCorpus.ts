import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayEvent } from '../../src/channels/gateway';

/** A webhook body and what it is to be read as. */
export interface InboundCase {
  /** `files: a song, flattened`. */
  title: string;
  /** The body as it is posted. */
  raw: Buffer;
  /** The body as JSON; undefined where it is none. */
  body: unknown;
  events: GatewayEvent[];
}

interface CaseFile {
  cases: { name: string; body?: unknown; raw?: string; events: GatewayEvent[] }[];
}

/** What the bodies of the corpus are posted for, and when (epoch milliseconds). */
export const CORPUS_INSTANCE = '609ACF283ABCD';
export const CORPUS_NOW = 1_760_000_000_000;

const FOLDER = join(__dirname, '../corpus/inbound');

/** Returns every case of test/corpus/inbound. */
export function inboundCorpus(): InboundCase[] {
  return readdirSync(FOLDER).flatMap((file) => {
    const { cases } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as CaseFile;
    return cases.map(({ name, body, raw, events }) => ({
      title: `${file.replace('.json', '')}: ${name}`,
      raw: Buffer.from(raw ?? JSON.stringify(body)),
      body,
      events,
    }));
  });
}
