import { ApiError } from "../api/client";
import { navigate, place } from "./router";

/** Sends the reader to the sign-in page when that is what an error asks for. */
export function needs_sign_in(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.status !== 401) return false;
  const { path, search, hash } = place.value;
  if (path !== "/signin") navigate(`/signin?next=${encodeURIComponent(path + search + hash)}`, "replace");
  return true;
}

/** The page to go to after signing in; never another site. */
export function next_page(search: string): string {
  const next = new URLSearchParams(search).get("next") ?? "";
  return /^\/(?!\/)/.test(next) ? next : "/sessions";
}
