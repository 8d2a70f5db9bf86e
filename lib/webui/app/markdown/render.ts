// Message text to safe HTML: invisible characters made visible, Markdown with raw HTML as plain text, sanitised.

import createDOMPurify from "dompurify";
import { Marked, type RendererObject, type TokenizerObject } from "marked";
import { reveal } from "../core/unicode";
import { code_html, table_html } from "./blocks";
import { image_html } from "./images";
import { link_html } from "./links";

// Messages live below the page's h1 and the transcript's own headings.
const k_heading_shift = 3;
const k_lowest_heading = 6;
// A run this long without a space is data, not words.
const k_data_run = /[A-Za-z0-9+/=_-]{2001,}/g;
const k_image_data = "base64,";

const renderer: RendererObject = {
  heading({ tokens, depth }) {
    const level = Math.min(depth + k_heading_shift, k_lowest_heading);
    return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`;
  },
  link({ href, text, tokens }) {
    return link_html(this.parser.parseInline(tokens), text, href);
  },
  image({ href, text }) {
    return image_html(text, href);
  },
  checkbox({ checked }) {
    return `<span class="task" role="img" aria-label="${checked ? "done" : "to do"}">${checked ? "☑" : "☐"}</span> `;
  },
  code({ text, lang }) {
    return code_html(text, /^[\w+#.-]{1,24}/.exec(lang ?? "")?.[0] ?? "");
  },
  table({ header, rows }) {
    const cells = (list: typeof header) => this.tablerow({ text: list.map((cell) => this.tablecell(cell)).join("") });
    const body = rows.map(cells).join("");
    return table_html(`<thead>${cells(header)}</thead><tbody>${body}</tbody>`, rows.length);
  },
};

// Raw HTML is no Markdown here: without these two it is read as text, and written escaped.
const tokenizer: TokenizerObject = {
  html: () => undefined,
  tag: () => undefined,
};

const marked = new Marked({ gfm: true, breaks: true, renderer, tokenizer });

const k_plain_attributes = [
  "align", "aria-label", "aria-pressed", "class", "data-image", "data-lang", "rel", "role", "start", "tabindex", "target", "title", "type",
];

const k_purify = {
  ALLOWED_TAGS: [
    "a", "blockquote", "br", "button", "code", "del", "div", "em", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
  ],
  ALLOWED_ATTR: ["href", ...k_plain_attributes],
  // Holds for every attribute that is not named as harmless.
  ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:|#)/i,
  ADD_URI_SAFE_ATTR: k_plain_attributes,
  ALLOW_DATA_ATTR: false,
  RETURN_TRUSTED_TYPE: true,
};

let purifier: ReturnType<typeof createDOMPurify> | undefined;

/** HTML that may be given to innerHTML, also where Trusted Types are enforced. */
export function sanitise(html: string): string {
  purifier ??= createDOMPurify(window);
  // A TrustedHTML where the browser has it; the DOM's own types say string.
  return purifier.sanitize(html, k_purify) as unknown as string;
}

/** Runs of data become a word about them; the data of an image stays, it is needed to draw it. */
export function shorten_data(text: string): string {
  return text.replace(k_data_run, (run: string, at: number) =>
    text.slice(at - k_image_data.length, at) === k_image_data ? run : `⟦${run.length} characters of data⟧`,
  );
}

/** The Markdown step alone, before sanitising. */
export function markdown_html(text: string): string {
  return marked.parse(reveal(text.replace(/\r\n?/g, "\n")), { async: false });
}

export function render_markdown(text: string): string {
  return sanitise(markdown_html(text));
}
