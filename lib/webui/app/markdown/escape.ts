const k_entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as it may stand between tags and in quoted attributes. */
export function escape_html(text: string): string {
  return text.replace(/[&<>"']/g, (char) => k_entities[char]!);
}
