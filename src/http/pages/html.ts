const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A piece of HTML that is safe to put into a page. */
export interface Html {
  readonly markup: string;
}

/** Returns any text as HTML that shows just that text, in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

/** Template tag for HTML: every value is escaped but for what is `Html` already. */
export function html(strings: TemplateStringsArray, ...values: (string | Html)[]): Html {
  const written = values.map((value) => (typeof value === 'string' ? escapeHtml(value) : value.markup));
  return { markup: strings.reduce((page, piece, index) => `${page}${written[index - 1] ?? ''}${piece}`) };
}
