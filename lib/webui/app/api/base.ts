// The server writes it into the page; a worker's own script lies in <base>/assets.
const k_script = /\/assets\/[^/]*$/;

/** The path under which the server lives: "" or "/prefix". */
export const base =
  typeof document === "undefined"
    ? location.pathname.replace(k_script, "")
    : (document.querySelector<HTMLMetaElement>('meta[name="agentpipe-base"]')?.content ?? "");
