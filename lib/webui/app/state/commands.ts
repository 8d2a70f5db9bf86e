// What can be done here, once: the palette, the shortcuts and their help are three views of it.

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { is_single, key_name, KeyReader } from "../core/keys";
import { settings } from "./settings";

export interface Command {
  title: string;
  /** Shortcuts, as the help writes them. */
  keys?: readonly string[];
  run(): void;
  /** Left out of the palette: moving about, which is for keys alone. */
  keys_only?: boolean;
}

export interface Layer {
  group: string;
  commands: readonly Command[];
}

/** What is mounted later wins a key. */
export const layers = signal<readonly Layer[]>([]);

/** Offers commands as long as the component is there. Their `run` is always that of the latest draw. */
export function useCommands(group: string, commands: readonly Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  const shape = commands.map(({ title, keys }) => `${title} ${keys ?? ""}`).join("|");
  useEffect(() => {
    const layer: Layer = {
      group,
      commands: latest.current.map((command, i) => ({ ...command, run: () => latest.current[i]?.run() })),
    };
    layers.value = [...layers.value, layer];
    return () => void (layers.value = layers.value.filter((other) => other !== layer));
  }, [group, shape]);
}

function command_for(keys: string): Command | null {
  if (is_single(keys) && !settings.value.shortcuts) return null;
  for (const { commands } of [...layers.value].reverse()) {
    const found = commands.find((command) => command.keys?.includes(keys));
    if (found) return found;
  }
  return null;
}

const k_fields = "input, select, textarea, [contenteditable]";

/** Keys that mean something to what has the focus. */
function belongs_to_target(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return false;
  if (target.closest(k_fields)) return !event.ctrlKey && !event.metaKey;
  const presses = event.key === "Enter" || event.key === " ";
  return presses && target.closest("a, button, summary, [role=menu]") !== null;
}

export function start_shortcuts(): void {
  const reader = new KeyReader();
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || belongs_to_target(event)) return reader.clear();
    if (document.querySelector("dialog[open]")) return;
    for (const keys of reader.read(key_name(event), event.timeStamp)) {
      const command = command_for(keys);
      if (!command) continue;
      event.preventDefault();
      reader.clear();
      command.run();
      return;
    }
  });
}
