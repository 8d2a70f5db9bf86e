import { signal } from "@preact/signals";

export const k_themes = ["system", "light", "dark", "contrast"] as const;
export type Theme = (typeof k_themes)[number];

export const k_theme_names: Record<Theme, string> = {
  system: "As the system",
  light: "Light",
  dark: "Dark",
  contrast: "High contrast",
};

// Read by theme.ts before the first paint.
const k_key = "agentpipe.theme";

const chosen = document.documentElement.dataset.theme as Theme | undefined;
export const theme = signal<Theme>(chosen && k_themes.includes(chosen) ? chosen : "system");

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

export function next_theme(): void {
  set_theme(k_themes[(k_themes.indexOf(theme.value) + 1) % k_themes.length]!);
}
