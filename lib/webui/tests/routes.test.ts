import { expect, test } from "vitest";
import { route_of, session_path } from "../app/core/routes";

const k_patterns = [
  { name: "sessions", path: "/sessions" },
  { name: "session", path: "/sessions/:id" },
  { name: "upload", path: "/upload" },
];
const page = (name: string, id: string | null = null) => ({ kind: "page", name, id });
const redirect = (to: string) => ({ kind: "redirect", to });
const not_found = { kind: "not-found" };

test.each([
  ["/", redirect("/sessions")],
  ["/sessions", page("sessions")],
  ["/sessions/", page("sessions")],
  ["/sessions/a%20b", page("session", "a b")],
  ["/sessions/%zz", not_found],
  ["/sessions/a/b", not_found],
  ["/sessions/upload", redirect("/upload")],
  ["/conversations", redirect("/sessions")],
  ["/conversations/a%2Fb", redirect("/sessions/a%2Fb")],
  ["/upload", page("upload")],
  ["/upload/x", not_found],
  ["/other", not_found],
  ["/:id", not_found],
])("%s", (path, route) => {
  expect(route_of(path, k_patterns)).toEqual(route);
});

test("any id survives its address", () => {
  const id = "a/b?c#d %";
  expect(route_of(session_path(id), k_patterns)).toEqual(page("session", id));
});
