import { format_list, type ListQuery } from "../core/url";
import { href, navigate } from "./router";

export const list_path = (query: ListQuery): string => `/sessions${format_list(query)}`;
export const list_href = (query: ListQuery): string => href(list_path(query));

/** Choosing leaves a way back; typing does not. */
export function show_list(query: ListQuery, how: "push" | "replace" = "push"): void {
  navigate(list_path(query), how);
}
