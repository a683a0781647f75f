/**
 * Returns whether a text that GHL lists holds the one that was posted: GHL may wrap a note in markup and set its white
 * space anew (observed in its editor).
 */
export function holdsText(listed: string, posted: string): boolean {
  return plain(listed).includes(plain(posted));
}

function plain(text: string): string {
  return text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
