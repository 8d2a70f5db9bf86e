// @vitest-environment jsdom
import { expect, test } from "vitest";
import { render_markdown, shorten_data } from "../app/markdown/render";

const html = (text: string): string => render_markdown(text).trim();

function dom(text: string): HTMLElement {
  const root = document.createElement("div");
  root.innerHTML = render_markdown(text);
  return root;
}

test.each([
  ["`inline` code", '<p><code>inline</code> code</p>'],
  ["# One", "<h4>One</h4>"],
  ["##### Five", "<h6>Five</h6>"],
  ["~~gone~~ **bold** *it*", "<p><del>gone</del> <strong>bold</strong> <em>it</em></p>"],
  ["a\nb", "<p>a<br>b</p>"],
  ["a\r\nb", "<p>a<br>b</p>"],
  ["<b>raw</b> & text", "<p>&lt;b&gt;raw&lt;/b&gt; &amp; text</p>"],
  ["<div>\nblock **x**", "<p>&lt;div&gt;<br>block <strong>x</strong></p>"],
  ["a\u202Eb", "<p>a⟦RLO⟧b</p>"],
  ["[x](/local)", '<p>x <span class="dead-link">(/local)</span></p>'],
  ["[x](#m-3)", '<p><a href="#m-3">x</a></p>'],
  ["a@b.example", '<p><a rel="noopener noreferrer nofollow" target="_blank" href="mailto:a@b.example">a@b.example</a></p>'],
  ["![a cat](https://h.example/c.png)", '<p><span title="https://h.example/c.png" class="chip">image: a cat (h.example)</span></p>'],
])("%j", (text, expected) => {
  const normal = document.createElement("div");
  normal.innerHTML = expected;
  const root = dom(text);
  root.innerHTML = root.innerHTML.trim();
  expect(root.isEqualNode(normal), html(text)).toBe(true);
});

test("a fence keeps its language and its text", () => {
  const block = dom("```ts onload=x\nconst a = 1 < 2;\n```").querySelector(".code")!;
  expect(block.querySelector("pre")!.outerHTML).toBe('<pre tabindex="0"><code data-lang="ts">const a = 1 &lt; 2;</code></pre>');
  expect(block.querySelector(".code-lang")!.textContent).toBe("ts");
});

test.each([
  [60, "code", null],
  [61, "code folded", "Show all 61 lines"],
])("a block of %i lines is %j", (lines, look, words) => {
  const block = dom("```\n" + "x\n".repeat(lines) + "```").querySelector(".code")!;
  expect([block.className, block.querySelector(".unfold")?.textContent ?? null]).toEqual([look, words]);
});

test.each([
  [200, "table-block", null],
  [1201, "table-block folded", "Show all 1,201 rows"],
])("a table of %i rows is %j", (rows, look, words) => {
  const block = dom("|a|b|\n|-|-|\n" + "|1|2|\n".repeat(rows)).querySelector(".table-block")!;
  expect([block.className, block.querySelector(".unfold")?.textContent ?? null]).toEqual([look, words]);
});

test("tasks are glyphs with words for those who do not see them", () => {
  const marks = [...dom("- [x] a\n- [ ] b").querySelectorAll(".task")].map((mark) => [mark.textContent, mark.getAttribute("aria-label")]);
  expect(marks).toEqual([["☑", "done"], ["☐", "to do"]]);
});

test("tables scroll in a box of their own and keep their alignment", () => {
  const root = dom("| a | b |\n|---|--:|\n| 1 | 2 |");
  expect(root.querySelector(".table")!.getAttribute("tabindex")).toBe("0");
  expect(root.querySelector("tbody td:last-child")!.getAttribute("align")).toBe("right");
});

test("a link that looks like another shows where it leads", () => {
  expect(dom("[https://bank.example](https://evil.example/x)").textContent).toContain("(evil.example)");
  expect(dom("[the docs](https://docs.example/x)").textContent).not.toContain("(");
});

test("a carried image waits for a click; a foreign or odd one is never drawn", () => {
  expect(dom("![x](data:image/png;base64,iVBORw0KGgo=)").querySelector("button")!.getAttribute("data-image")).toBe("data:image/png;base64,iVBORw0KGgo=");
  expect(dom("![x](data:image/svg+xml;base64,PHN2Zy8+)").querySelector("button")).toBeNull();
});

test("a run of data becomes a word about it, unless an image needs it", () => {
  const data = "A".repeat(3000);
  expect(shorten_data(`x ${data} y`)).toBe("x ⟦3000 characters of data⟧ y");
  expect(shorten_data(`data:image/png;base64,${data}`)).toBe(`data:image/png;base64,${data}`);
});

const k_hostile = [
  "<script>alert(1)</script>", "<ScRiPt src=//e.example/x.js></sCrIpT>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
  "<svg><script>alert(1)</script></svg>", "<iframe srcdoc='<script>alert(1)</script>'>", "<object data=x>", "<embed src=x>",
  "<style>*{background:url(//e.example)}</style>", "<link rel=stylesheet href=//e.example>", "<meta http-equiv=refresh content=0>",
  "<form action=//e.example><input autofocus onfocus=alert(1)></form>", "<base href=//e.example>", "<a onclick=alert(1) href=javascript:alert(1)>x</a>",
  "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
  "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<details open ontoggle=alert(1)>", "<video><source onerror=alert(1)>",
  "<pre><b>raw</b><script>alert(1)</script></pre>", "<!--><img src=x onerror=alert(1)>-->", "<![CDATA[<img src=x onerror=alert(1)>]]>",
  "[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))", "[a](&#106;avascript:alert(1))", "[a](&#x6a;avascript&colon;alert(1))", "[a](java\tscript:alert(1))",
  "[a](<java\nscript:alert(1)>)", "[a](\u0001javascript:alert(1))", "[a](data:text/html,<script>alert(1)</script>)", "[a](vbscript:x)", "[a](file:///etc/passwd)",
  "<javascript:alert(1)>", "[a]: javascript:alert(1)\n\n[a]", "[x](https://e.example/\"onmouseover=alert(1))", "[x](https://e.example 'a\" onmouseover=alert(1) b=\"')",
  "![x](https://e.example/p.png \"\\\" onerror=alert(1)\")", "![\"><img src=x onerror=alert(1)>](https://e.example/p.png)", "![x](\"><script>alert(1)</script>)",
  "```\"><img src=x onerror=alert(1)>\nx\n```", "`<img src=x onerror=alert(1)>`", "| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |",
  "# <img src=x onerror=alert(1)>", "- [x] <img src=x onerror=alert(1)>", "> <script>alert(1)</script>", "![x](data:image/png;base64,AAAA\"onload=alert(1))",
];

const k_forbidden = "script,img,svg,math,iframe,object,embed,style,link,meta,form,input,base,video,source,details,noscript,h1,h2,h3";

test.each(k_hostile)("stays text: %s", (text) => {
  const root = dom(text);
  expect([...root.querySelectorAll(k_forbidden)].map((element) => element.outerHTML)).toEqual([]);
  for (const element of root.querySelectorAll("*")) {
    expect(element.getAttributeNames().filter((name) => name.startsWith("on") || name === "style" || name === "src")).toEqual([]);
  }
  for (const link of root.querySelectorAll("a")) expect(link.getAttribute("href")).toMatch(/^(https?:\/\/|mailto:|#)/);
});
