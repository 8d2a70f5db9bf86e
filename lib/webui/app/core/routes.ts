// Which page an address means.

/** "/sessions", or "/sessions/:id" for one thing of many. */
export interface Pattern {
  name: string;
  path: string;
}

export type Route =
  | { kind: "page"; name: string; id: string | null }
  | { kind: "redirect"; to: string }
  | { kind: "not-found" };

const k_not_found: Route = { kind: "not-found" };
const parts_of = (path: string): string[] => path.split("/").filter(Boolean);

// Addresses of the existing web server, and short ways in.
const k_moved: Record<string, string> = { "": "/sessions", conversations: "/sessions", "sessions/upload": "/upload" };

function moved(parts: readonly string[]): string | null {
  const whole = k_moved[parts.join("/")];
  if (whole) return whole;
  return parts.length === 2 && parts[0] === "conversations" ? `/sessions/${parts[1]}` : null;
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

/** The page's id part, "" for a page without one, or null when the pattern does not fit. */
function match(pattern: string, parts: readonly string[]): string | null {
  const wanted = parts_of(pattern);
  if (wanted.length !== parts.length) return null;
  let id = "";
  for (let i = 0; i < parts.length; i++) {
    if (wanted[i] === parts[i]) continue;
    const value = wanted[i] === ":id" ? decoded(parts[i]!) : null;
    if (value === null) return null;
    id = value;
  }
  return id;
}

/** `path` without the base. */
export function route_of(path: string, patterns: readonly Pattern[]): Route {
  const parts = parts_of(path);
  const to = moved(parts);
  if (to !== null) return { kind: "redirect", to };
  for (const { name, path: pattern } of patterns) {
    const id = match(pattern, parts);
    if (id !== null) return { kind: "page", name, id: id || null };
  }
  return k_not_found;
}

export const session_path = (id: string): string => `/sessions/${encodeURIComponent(id)}`;
