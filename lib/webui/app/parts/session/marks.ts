// Marks found text without touching the page's elements, so that no height changes.

interface HighlightApi {
  highlights: Map<string, unknown>;
}

const k_name = "found";
// More marks than anybody sees at once.
const k_most = 500;

/** Ranges of `text` in the text nodes below `root`. */
function ranges_of(root: Element, text: string): Range[] {
  const wanted = text.toLowerCase();
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && ranges.length < k_most; node = walker.nextNode()) {
    const content = (node.textContent ?? "").toLowerCase();
    for (let at = content.indexOf(wanted); at !== -1 && ranges.length < k_most; at = content.indexOf(wanted, at + wanted.length)) {
      const range = new Range();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      ranges.push(range);
    }
  }
  return ranges;
}

/** Marks `text` in what is drawn now; "" takes the marks away. Browsers without the means leave it unmarked. */
export function mark_found(root: Element, text: string): void {
  const { highlights } = CSS as unknown as HighlightApi;
  const Highlight = (window as { Highlight?: new (...ranges: Range[]) => unknown }).Highlight;
  if (!highlights || !Highlight) return;
  if (text === "") highlights.delete(k_name);
  else highlights.set(k_name, new Highlight(...ranges_of(root, text)));
}
