import { announce } from "../state/announce";

/** The way without the clipboard's API, which plain HTTP in a local network does not have. */
function copy_by_selection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  // Inside an open dialog: everything else cannot be selected.
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  return copied;
}

/** Whether the text is in the clipboard now. */
export async function copy_text(text: string): Promise<boolean> {
  let copied = false;
  try {
    await navigator.clipboard.writeText(text);
    copied = true;
  } catch {
    copied = copy_by_selection(text);
  }
  announce(copied ? "Copied." : "The browser did not let this page copy.");
  return copied;
}
