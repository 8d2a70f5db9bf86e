import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { route_of, type Route } from "../core/routes";
import { k_pages, type PageProps } from "../pages/table";

type Page = ComponentType<PageProps>;

const loaded = signal<ReadonlyMap<string, Page>>(new Map());
const failed = signal<string | null>(null);

/** Reads a page's chunk, once. */
export async function load_page(name: string): Promise<void> {
  if (loaded.value.has(name)) return;
  try {
    const module = await k_pages.find((page) => page.name === name)!.load();
    failed.value = null;
    loaded.value = new Map(loaded.value).set(name, module.default);
  } catch {
    failed.value = name;
  }
}

/** Reads the page that a link leads to before it is clicked. */
export function preload_for(path: string): void {
  const route = route_of(path, k_pages);
  if (route.kind === "page") void load_page(route.name);
}

export type Loaded = { kind: "ready"; Page: Page } | { kind: "waiting" } | { kind: "failed"; retry(): void };

export function usePage(route: Route): Loaded {
  const name = route.kind === "page" ? route.name : null;
  useEffect(() => {
    if (name) void load_page(name);
  }, [name]);
  const Page = name === null ? undefined : loaded.value.get(name);
  if (Page) return { kind: "ready", Page };
  if (name !== null && failed.value === name) return { kind: "failed", retry: () => void load_page(name) };
  return { kind: "waiting" };
}
