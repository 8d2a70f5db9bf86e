// Characters that make text look like other text: direction overrides, and controls that do not print.

const k_direction_names: Record<number, string> = {
  0x202a: "LRE", 0x202b: "RLE", 0x202c: "PDF", 0x202d: "LRO", 0x202e: "RLO",
  0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI",
};

// Tab, line feed and carriage return stay as they are.
const k_suspect = /[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

function visible(char: string): string {
  const code = char.charCodeAt(0);
  const name = k_direction_names[code];
  if (name) return `⟦${name}⟧`;
  // The Unicode block "Control Pictures" lies at 0x2400 in the order of ASCII.
  return code === 0x7f ? "␡" : String.fromCharCode(0x2400 + code);
}

/** The text with every such character replaced by a visible sign, and lone surrogates by U+FFFD. */
export function reveal(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd").replace(k_suspect, visible);
}
