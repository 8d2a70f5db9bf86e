import { settings } from "./settings";

/** Whether the browser lets this site show notifications; asks its user where that is open. */
export async function may_notify(): Promise<boolean> {
  return "Notification" in window && (await Notification.requestPermission()) === "granted";
}

/** Tells who asked for it, and does not look at the page. One at a time for each `tag`. */
export function notify(title: string, body: string, tag: string): void {
  if (!settings.value.notify || document.visibilityState === "visible" || !("Notification" in window)) return;
  if (Notification.permission === "granted") new Notification(title, { body, tag });
}
