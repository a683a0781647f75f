import { failureCatalogue, type Failure, type FailureGroup } from './catalogue';

const HEAD = ['| code | in GHL | words | for the operator | then |', '| --- | --- | --- | --- | --- |'];

/** Returns the lists of docs/failures.md as Markdown. */
export function renderFailures(): string {
  return failureCatalogue().map(renderGroup).join('\n\n');
}

function renderGroup({ title, failures }: FailureGroup): string {
  return [`## ${title}`, '', ...HEAD, ...failures.map(renderRow)].join('\n');
}

function renderRow({ code, inGhl, words, ops, then }: Failure): string {
  return `| \`${code}\` | ${inGhl ? 'yes' : 'no'} | ${cell(words)} | ${cell(ops)} | ${cell(then)} |`;
}

/** A bar inside a cell would end it. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
