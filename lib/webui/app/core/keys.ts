// Which shortcut was pressed. Keys are written as the help shows them: "f", "g s", "Ctrl K", "Shift X".

/** A key event's own name: "f", "G", "Ctrl K" (also for ⌘), "Space". */
export function key_name(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string {
  const key = event.key === " " ? "Space" : event.key;
  const with_control = event.ctrlKey || event.metaKey;
  const plain = with_control && key.length === 1 ? key.toUpperCase() : key;
  return `${with_control ? "Ctrl " : ""}${event.altKey ? "Alt " : ""}${plain}`;
}

export const is_single = (keys: string): boolean => !keys.startsWith("Ctrl ") && keys !== "Escape";

// The second key of a pair comes within this time.
const k_pair_ms = 1_200;

/** Remembers the first key of a pair such as "g s". */
export class KeyReader {
  private first = "";
  private until = 0;

  /** What may have been meant by this key, the longer first. */
  read(name: string, now_ms: number): readonly string[] {
    const pair = this.first !== "" && now_ms < this.until ? [`${this.first} ${name}`] : [];
    this.first = name;
    this.until = now_ms + k_pair_ms;
    return [...pair, name];
  }

  clear(): void {
    this.first = "";
  }
}
