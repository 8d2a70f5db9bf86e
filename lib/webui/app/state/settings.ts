import { signal } from "@preact/signals";
import { k_densities, type Density } from "../core/density";
import type { Hours, Zone } from "../core/times";

/** What this browser's reader chose; the address of a page wins over it. */
export interface Settings {
  density: Density;
  view: "list" | "grid";
  times: "relative" | "absolute";
  zone: Zone;
  hours: Hours;
  fold_tools: boolean;
  fold_thinking: boolean;
  wrap_code: boolean;
  /** Whether a running session is followed when it is opened. */
  follow: boolean;
  /** Shortcuts of a single key. */
  shortcuts: boolean;
  /** Whether news is said to those who listen. */
  announce: boolean;
  /** Whether the system is asked to show that a session ended while nobody looked. */
  notify: boolean;
}

export const k_defaults: Settings = {
  density: "comfortable",
  view: "list",
  times: "relative",
  zone: "local",
  hours: "24",
  fold_tools: true,
  fold_thinking: true,
  wrap_code: false,
  follow: true,
  shortcuts: true,
  announce: true,
  notify: false,
};

// For every choice between words the words there are; the rest is on or off.
export const k_choices: { readonly [Key in keyof Settings]?: readonly string[] } = {
  density: k_densities,
  view: ["list", "grid"],
  times: ["relative", "absolute"],
  zone: ["local", "utc"],
  hours: ["24", "12"],
};

const k_key = "agentpipe.settings";

function is_allowed(key: keyof Settings, value: unknown): boolean {
  const choices = k_choices[key];
  return choices ? choices.includes(value as string) : typeof value === "boolean";
}

/** Stored settings may be of another version, or anybody's: what does not fit is left at its default. */
export function read_settings(text: string | null): Settings {
  let stored: unknown = null;
  try {
    stored = JSON.parse(text ?? "null");
  } catch {
    // Not ours: as if nothing were stored.
  }
  const given = (stored !== null && typeof stored === "object" ? stored : {}) as Record<string, unknown>;
  const keys = Object.keys(k_defaults) as (keyof Settings)[];
  return Object.fromEntries(keys.map((key) => [key, is_allowed(key, given[key]) ? given[key] : k_defaults[key]])) as unknown as Settings;
}

function stored_text(): string | null {
  try {
    return localStorage.getItem(k_key);
  } catch {
    return null;
  }
}

export const settings = signal<Settings>(read_settings(stored_text()));

export function set_settings(change: Partial<Settings>): void {
  settings.value = { ...settings.value, ...change };
  try {
    localStorage.setItem(k_key, JSON.stringify(settings.value));
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
}
