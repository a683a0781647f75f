import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { multipartOf, type FormPart } from '../../src/sandbox/kit/multipart';

/** A request as it stood on the wire. Header names in lower case. */
export interface WireRecord {
  method: string;
  /** Path with query. */
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export interface OpenApiContract {
  /** Returns what is wrong with a request, one sentence each; an empty list when it keeps the contract. */
  checkRequest(request: WireRecord): string[];
  /** Returns what is wrong with an answer to such a request. Extra properties are allowed: answers carry them. */
  checkAnswer(request: Pick<WireRecord, 'method' | 'url'>, status: number, body: unknown): string[];
}

type Json = Record<string, unknown>;
type Content = Record<string, { schema: Json }>;
interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Json;
}
interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
  security?: Json[];
}
/** OpenAPI documents by a name of ours. */
export type Documents = Record<string, Json & { paths: Record<string, Record<string, Operation>> }>;
interface Route {
  pointer: string;
  operation: Operation;
  pathValues: Record<string, string>;
}

const REQUESTS = 'requests';
const ANSWERS = 'answers';

/**
 * Returns the contract that the OpenAPI 3.0 files of a folder state, one file a noun. `mock` takes `<noun>.mock.json`,
 * which holds the observed behaviour, where there is one; `dated` takes the published `<noun>.json`.
 * What the corrected file leaves out is looked up in the published one, then in `more`.
 * Stricter than OpenAPI in one thing: unknown properties and query fields are refused, as GHL does (422).
 */
export function loadContract(
  folder: string,
  nouns: string[],
  variant: 'mock' | 'dated' = 'mock',
  more: Documents = {},
): OpenApiContract {
  const documents: Documents = {};
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false, logger: false });
  addFormats(ajv);
  const add = (name: string, document: Documents[string]): void => {
    documents[name] = document;
    ajv.addSchema(jsonSchema(document, false) as Json, `${ANSWERS}-${name}`);
    ajv.addSchema(jsonSchema(document, true) as Json, `${REQUESTS}-${name}`);
  };
  for (const noun of nouns) {
    const mock = join(folder, `${noun}.mock.json`);
    const read = (file: string): Documents[string] => JSON.parse(readFileSync(file, 'utf8')) as Documents[string];
    if (variant === 'mock' && existsSync(mock)) add(noun, read(mock));
    add(`${noun}-dated`, read(join(folder, `${noun}.json`)));
  }
  for (const [name, document] of Object.entries(more)) add(name, document);

  const validator = (set: string, pointer: string): ValidateFunction => ajv.compile({ $ref: `${set}-${pointer}` });

  return {
    checkRequest(request) {
      const route = findRoute(documents, request.method, request.url);
      if (typeof route === 'string') return [route];
      return [
        ...checkParameters(route, request, (pointer) => validator(REQUESTS, pointer)),
        ...checkSecurity(route.operation, request),
        ...checkBody(route, request, (pointer) => validator(REQUESTS, pointer)),
      ];
    },

    checkAnswer(request, status, body) {
      const route = findRoute(documents, request.method, request.url);
      if (typeof route === 'string') return [route];
      const response = route.operation.responses[status];
      if (response === undefined) return [`status ${status} is not documented`];
      if (response.content === undefined) return [];
      const pointer = `${route.pointer}/responses/${status}/content/application~1json/schema`;
      return problemsOf(validator(ANSWERS, pointer), body, 'answer');
    },
  };
}

/** Literal segments win over parameters: `/contacts/search/duplicate` is no `/contacts/{contactId}`. */
function findRoute(documents: Documents, method: string, url: string): Route | string {
  const path = url.split('?')[0] ?? '';
  const routes: (Route & { parameterCount: number })[] = [];
  for (const [noun, { paths }] of Object.entries(documents)) {
    for (const [template, operations] of Object.entries(paths)) {
      const pathValues = matchPath(template, path);
      const operation = operations[method.toLowerCase()];
      if (pathValues === null || operation === undefined) continue;
      const pointer = `${noun}#/paths/${encodeURIComponent(template.replaceAll('/', '~1'))}/${method.toLowerCase()}`;
      routes.push({ pointer, operation, pathValues, parameterCount: Object.keys(pathValues).length });
    }
  }
  const best = routes.sort((a, b) => a.parameterCount - b.parameterCount)[0];
  return best ?? `${method} ${path} is not documented`;
}

function matchPath(template: string, path: string): Record<string, string> | null {
  const [wanted, given] = [template.split('/'), path.split('/')];
  if (wanted.length !== given.length) return null;
  const values: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const text = given[index] ?? '';
    if (!segment.startsWith('{')) {
      if (segment !== text) return null;
    } else if (text === '') return null;
    else values[segment.slice(1, -1)] = decodeURIComponent(text);
  }
  return values;
}

/** A parameter comes as a text, whatever its schema calls it. */
function typedText(type: unknown, text: string | string[]): string | string[] | number | boolean {
  if (type === 'number' && text !== '') return Number(text);
  return type === 'boolean' && (text === 'true' || text === 'false') ? text === 'true' : text;
}

type Compile = (pointer: string) => ValidateFunction;

function checkParameters(route: Route, request: WireRecord, compile: Compile): string[] {
  const query = new URLSearchParams(request.url.split('?')[1] ?? '');
  const declared = route.operation.parameters ?? [];
  const problems = declared.flatMap((parameter, index) => {
    const { name, in: place, required } = parameter;
    const value = { path: route.pathValues[name], query: query.get(name), header: request.headers[name.toLowerCase()] };
    const given = value[place] ?? undefined;
    if (given === undefined) return required === true ? [`${place} ${name} is missing`] : [];
    const typed = typedText(parameter.schema['type'], given);
    return problemsOf(compile(`${route.pointer}/parameters/${index}/schema`), typed, `${place} ${name}`);
  });
  const isDeclared = (place: string, name: string): boolean =>
    declared.some((parameter) => parameter.in === place && parameter.name === name);
  const strange = [...query.keys()].filter((name) => !isDeclared('query', name));
  problems.push(...strange.map((name) => `query ${name} is not documented`));
  if (request.headers['version'] !== undefined && !isDeclared('header', 'Version')) {
    problems.push('header Version is not documented here and changes the dialect');
  }
  return problems;
}

function checkSecurity({ security }: Operation, { headers }: WireRecord): string[] {
  const bearer = /^Bearer \S+$/.test(String(headers['authorization'] ?? ''));
  const needed = security !== undefined && security.length > 0;
  return needed && !bearer ? ['header Authorization with a bearer token is missing'] : [];
}

function checkBody(route: Route, request: WireRecord, compile: Compile): string[] {
  const content = route.operation.requestBody?.content;
  if (content === undefined) return request.body.length === 0 ? [] : ['a body is not documented'];
  const type = String(request.headers['content-type'] ?? '').split(';')[0] ?? '';
  if (content[type] === undefined) return [`content type ${type} is not documented`];
  const body = bodyOf(type, request);
  const pointer = `${route.pointer}/requestBody/content/${encodeURIComponent(type.replaceAll('/', '~1'))}/schema`;
  return problemsOf(compile(pointer), body, 'body');
}

function bodyOf(type: string, { body, headers }: WireRecord): unknown {
  const form = multipartOf(String(headers['content-type']), body);
  if (form !== undefined) return fieldsOf(form);
  const text = body.toString('utf8');
  return type.endsWith('json') ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
}

/** Returns a form as OpenAPI describes it: texts, and of files a list. */
function fieldsOf(form: FormPart[]): Json {
  const texts = form.filter(({ filename }) => filename === undefined);
  const files = form.filter(({ filename }) => filename !== undefined);
  return {
    ...Object.fromEntries(texts.map(({ name, bytes }) => [name, bytes.toString('utf8')])),
    ...Object.fromEntries(files.map(({ name, bytes }) => [name, [bytes.toString('latin1')]])),
  };
}

function problemsOf(validate: ValidateFunction, value: unknown, what: string): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const extra = 'additionalProperty' in params ? ` (${String(params['additionalProperty'])})` : '';
    return `${what}${instancePath} ${message ?? 'is not valid'}${extra}`;
  });
}

/**
 * Returns a copy that is plain JSON Schema: OpenAPI's `nullable` becomes a choice, for it may stand where ajv does not
 * know it. When `closed`, every object that lists its properties allows no others.
 */
function jsonSchema(schema: unknown, closed: boolean): unknown {
  if (Array.isArray(schema)) return schema.map((inner) => jsonSchema(inner, closed));
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, jsonSchema(value, closed)]);
  const { nullable, ...copy } = Object.fromEntries(entries) as Json;
  const listsProperties = copy['type'] === 'object' && typeof copy['properties'] === 'object';
  if (closed && listsProperties && !('additionalProperties' in copy)) copy['additionalProperties'] = false;
  return nullable === true ? { anyOf: [{ type: 'null' }, copy] } : copy;
}
