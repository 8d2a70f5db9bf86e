import { signal } from "@preact/signals";

export const k_themes = ["system", "light", "dark"] as const;
export type Theme = (typeof k_themes)[number];

// Read by theme.ts before the first paint.
const k_key = "agentpipe.theme";

const chosen = document.documentElement.dataset.theme;
export const theme = signal<Theme>(chosen === "light" || chosen === "dark" ? chosen : "system");

export function set_theme(next: Theme): void {
  theme.value = next;
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem(k_key, next);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
}
