import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const ROOT = join(__dirname, '../..');

/** What we read of a service in docker-compose.yml, its values filled in. */
export interface ComposeService {
  image?: string;
  build?: string;
  init?: boolean;
  restart?: string;
  stop_grace_period?: string;
  entrypoint?: string[];
  command?: string[];
  environment?: Record<string, string | number>;
  env_file?: { path: string; required: boolean }[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  volumes?: string[];
}

export interface ComposeFile {
  services: Record<string, ComposeService>;
  /** Files that containers get, by name. */
  configs: Record<string, { content: string }>;
  volumes: Record<string, unknown>;
}

/** Returns the text of docker-compose.yml. */
export function composeText(): string {
  return readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
}

/**
 * Returns docker-compose.yml with the values of an `.env` filled in, as Compose does it. Throws with the name of a
 * variable that is asked for (`${NAME:?...}`) and is missing or empty.
 */
export function readComposeFile(env: Record<string, string>): ComposeFile {
  const raw = parse(composeText(), { merge: true }) as unknown;
  return deepMap(raw, (text) => interpolate(text, env)) as ComposeFile;
}

/** Returns the words with which the image starts whatever a service's `command` names, as the Dockerfile says. */
export function imageEntrypoint(): string[] {
  const [, words] = /^ENTRYPOINT (\[.*\])$/m.exec(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')) ?? [];
  if (words === undefined) throw new Error('the Dockerfile has no ENTRYPOINT in JSON');
  return JSON.parse(words) as string[];
}

/** Returns the named service. Throws when there is none. */
export function serviceOf({ services }: ComposeFile, name: string): ComposeService {
  const service = services[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return service;
}

/** `$$`, `${NAME}`, `${NAME:-default}` and `${NAME:?why}` (Compose documentation, interpolation). */
function interpolate(text: string, env: Record<string, string>): string {
  return text.replace(/\$(?:(\$)|\{(\w+)(?::([?-])([^}]*))?\})/g, (_all, dollar, name: string, kind, word: string) => {
    if (dollar !== undefined) return '$';
    const value = env[name] ?? '';
    if (value !== '' || kind === undefined) return value;
    if (kind === '-') return word;
    throw new Error(`docker-compose.yml asks for ${name}: ${word}`);
  });
}

function deepMap(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => deepMap(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, deepMap(one, change)]));
}
