import type { Step } from '../../step';
import type { RawState } from '../../middlewares/rawBody';

/**
 * Texts, and lists in braces (`{"A","B"}`). A text that nobody closes runs to the end, so that nothing is read twice.
 */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"?|\{(\s*"[^"\\]*(?:\\.[^"\\]*)*"\s*(?:,\s*"[^"\\]*(?:\\.[^"\\]*)*"\s*)*)\}/gs;

/** Rewrites the body as plain JSON, which the steps behind it read: see `plainJsonOf`. */
export function plainJson(): Step<RawState> {
  return async (ctx, next) => {
    const isForm = ctx.is('application/x-www-form-urlencoded') !== false;
    ctx.state.raw = Buffer.from(plainJsonOf(ctx.state.raw.toString('utf8'), isForm));
    await next();
  };
}

/**
 * Returns the JSON that a body means. GHL lets the app choose how external authentication posts, so a form becomes an
 * object; and its documented samples print lists as `{"A","B"}`, which is no JSON wherever it stands outside of a text.
 * What is neither stays as it is.
 */
export function plainJsonOf(body: string, isForm: boolean): string {
  if (isForm) return JSON.stringify(formFields(body));
  return body.replace(TOKENS, (token, list: string | undefined) => (list === undefined ? token : `[${list}]`));
}

/** A name that comes again, or ends in `[]` or `[0]`, is a list. */
function formFields(body: string): Record<string, unknown> {
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(body)) {
    const key = name.replace(/\[\d*\]$/, '');
    const known = fields.get(key);
    if (known === undefined) fields.set(key, key === name ? value : [value]);
    else fields.set(key, [known, value].flat());
  }
  return Object.fromEntries(fields);
}
