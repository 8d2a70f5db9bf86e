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

/** Where the reader was on a page, kept with its entry of the history. */
export interface Spot {
  top: number;
  /** Address of the link that had the focus. */
  focus: string | null;
}

/** Set while the way back leads to a page that was left at some spot of it. */
export const returning = signal<Spot | null>(null);

function leave_spot(): void {
  const link = document.activeElement?.closest("a");
  const spot: Spot = { top: scrollY, focus: link?.getAttribute("href") ?? null };
  history.replaceState({ spot }, "");
}

export function navigate(to: string, how: "push" | "replace" = "push"): void {
  const changes_page = to.split(/[?#]/)[0] !== place.value.path;
  if (how === "push") leave_spot();
  history[how === "push" ? "pushState" : "replaceState"](null, "", href(to));
  returning.value = null;
  if (changes_page && how === "push") scrollTo(0, 0);
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
  history.scrollRestoration = "manual";
  addEventListener("popstate", (event) => {
    returning.value = (event.state as { spot?: Spot } | null)?.spot ?? null;
    place.value = here();
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.defaultPrevented || !link.hasAttribute("href") || !is_plain_click(event, link)) return;
    event.preventDefault();
    navigate(link.pathname.slice(base.length) + link.search + link.hash);
  });
}
