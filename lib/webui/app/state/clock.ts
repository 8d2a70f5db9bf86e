import { signal } from "@preact/signals";

/** The time, moved every second while the page can be seen. */
export const now = signal(Date.now());

setInterval(() => {
  if (document.visibilityState === "visible") now.value = Date.now();
}, 1000);
