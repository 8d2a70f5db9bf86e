import { signal } from "@preact/signals";
import { settings } from "./settings";

/** What is said politely to those who listen; the frame holds the only region that speaks. */
export const announcement = signal("");

export function announce(text: string): void {
  if (settings.value.announce) announcement.value = text;
}
