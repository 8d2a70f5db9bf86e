import { signal } from "@preact/signals";
import { base } from "../api/base";

/** The address without the base: where the reader is. */
export interface Place {
  path: string;
  search: string;
  hash: string;
}

function here(): Place {
  const { pathname, search, hash } = location;
  return { path: pathname.startsWith(base) ? pathname.slice(base.length) : pathname, search, hash };
}

export const place = signal<Place>(here());

/** The list's address when it was last left, for the way back to the same page of it. */
export const list_address = signal("/sessions");

export const href = (to: string): string => base + to;

export function navigate(to: string, how: "push" | "replace" = "push"): void {
  history[how === "push" ? "pushState" : "replaceState"](null, "", href(to));
  place.value = here();
}

/** Clicks that the browser should handle itself: new tab, download, other sites, places on this page. */
function is_plain_click(event: MouseEvent, link: HTMLAnchorElement): boolean {
  const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
  const elsewhere = link.origin !== location.origin || link.target !== "" || link.hasAttribute("download");
  const own = link.pathname.startsWith(`${base}/`) && !link.pathname.startsWith(`${base}/api/`);
  return !modified && !elsewhere && own && !link.getAttribute("href")!.startsWith("#");
}

export function start_router(): void {
  addEventListener("popstate", () => (place.value = here()));
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.defaultPrevented || !link.hasAttribute("href") || !is_plain_click(event, link)) return;
    event.preventDefault();
    navigate(link.pathname.slice(base.length) + link.search + link.hash);
  });
}
