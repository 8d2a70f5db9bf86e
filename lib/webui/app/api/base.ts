/** The path under which the server lives: "" or "/prefix". The server writes it into the page. */
export const base = document.querySelector<HTMLMetaElement>('meta[name="agentpipe-base"]')?.content ?? "";
