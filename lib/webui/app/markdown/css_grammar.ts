import type { HLJSApi, Language } from "highlight.js";

/** Style sheets without the lists of every property and value there is, which weigh more than all other languages. */
export default function css(hljs: HLJSApi): Language {
  const values = [
    hljs.C_BLOCK_COMMENT_MODE,
    hljs.APOS_STRING_MODE,
    hljs.QUOTE_STRING_MODE,
    { scope: "number", begin: /#[0-9a-f]{3,8}\b|-?\b\d[\d.]*(?:%|[a-z]+)?/i },
    { scope: "built_in", begin: /[\w-]+(?=\()/ },
    { scope: "meta", begin: /!important/ },
  ];
  return {
    name: "CSS",
    case_insensitive: true,
    contains: [
      hljs.C_BLOCK_COMMENT_MODE,
      { scope: "keyword", begin: /@[\w-]+/ },
      { scope: "attribute", begin: /--[\w-]+(?=\s*:)/ },
      { begin: /[\w-]+(?=\s*:[^{}:]*[;}])/, scope: "attribute", starts: { end: /[;}]/, returnEnd: true, contains: values } },
      { scope: "selector-tag", begin: /[.#&*]?[a-z][\w-]*|::?[\w-]+/ },
      ...values,
    ],
  };
}
