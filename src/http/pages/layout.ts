import { createHash } from 'node:crypto';
import { html, type Html } from './html';

const CSS = `
:root { color-scheme: light dark; font: 1.0625rem/1.6 system-ui, sans-serif; }
body { margin: 0; display: grid; min-height: 100vh; align-items: center; }
body { grid-template-columns: minmax(0, 42rem); justify-content: center; }
main { box-sizing: border-box; padding: 2rem 1.25rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
p { margin: 0 0 1rem; }
pre { white-space: pre-wrap; padding: 0.75rem 1rem; border: 1px solid; border-radius: 0.375rem; font-size: 0.9375rem; }
`;

const CSS_HASH = createHash('sha256').update(CSS, 'utf8').digest('base64');

/** The policy of our pages: their one style sheet, named by its hash, and nothing else; no script, form or frame. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${CSS_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** Returns a whole page; `title` is its heading too. */
export function page(title: string, content: Html): string {
  const style: Html = { markup: `<style>${CSS}</style>` };
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${style}
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html> `.markup;
}
