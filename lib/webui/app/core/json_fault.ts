// Where a JSON text breaks off. JSON.parse() says so in other words in every browser, and in some not at all.

const k_token = /[ \t\r\n]*(?:("(?:[^"\\\u0000-\u001f]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([{}[\],:]))/y;

type Want = "value" | "value or end" | "name" | "name or end" | "colon" | "next" | "nothing";

const is_string = (token: string): boolean => token.startsWith('"');

/** What may come after a token; null: this one may not. `open` are the brackets around it. */
function after(want: Want, token: string, open: string[]): Want | null {
  const closes = () => {
    open.pop();
    return open.length === 0 ? "nothing" : "next";
  };
  const is_end = token === (open[open.length - 1] === "{" ? "}" : "]") && open.length > 0;
  switch (want) {
    case "name or end":
    case "name":
      return is_string(token) ? "colon" : is_end && want === "name or end" ? closes() : null;
    case "colon":
      return token === ":" ? "value" : null;
    case "next":
      if (token === ",") return open[open.length - 1] === "{" ? "name" : "value";
      return is_end ? closes() : null;
    case "value or end":
    case "value":
      if (is_end && want === "value or end") return closes();
      if (token === "{" || token === "[") {
        open.push(token);
        return token === "{" ? "name or end" : "value or end";
      }
      return /^[}\],:]$/.test(token) ? null : open.length === 0 ? "nothing" : "next";
    case "nothing":
      return null;
  }
}

/** The line, from 1, on which the text stops being JSON; null when it is sound. */
export function fault_line(text: string): number | null {
  const line_at = (place: number) => text.slice(0, place).split("\n").length;
  const open: string[] = [];
  let want: Want = "value";
  k_token.lastIndex = 0;
  for (let place = 0; ; place = k_token.lastIndex) {
    const token = k_token.exec(text);
    if (!token) return want === "nothing" && text.slice(place).trim() === "" ? null : line_at(text.length - text.slice(place).trimStart().length);
    const word = token[1] ?? token[2]!;
    const next = after(want, word, open);
    if (next === null) return line_at(k_token.lastIndex - word.length);
    want = next;
  }
}
