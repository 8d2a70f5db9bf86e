import { render_markdown } from "./render";

const k_entries = 400;
const cache = new Map<string, { text: string; html: string }>();

/** render_markdown(), remembering the 400 last used results. */
export function cached_markdown(key: string, text: string): string {
  const known = cache.get(key);
  const html = known?.text === text ? known.html : render_markdown(text);
  cache.delete(key);
  cache.set(key, { text, html });
  if (cache.size > k_entries) cache.delete(cache.keys().next().value!);
  return html;
}
