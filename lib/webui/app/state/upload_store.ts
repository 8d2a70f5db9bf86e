import { signal } from "@preact/signals";
import { upload_file, type OnDuplicate, type UploadEnd } from "../api/upload";
import { bytes } from "../core/format";
import {
  again, ended, is_running, json_problem, next_up, refusal, with_state, type Item, type ItemState,
} from "../core/upload_queue";

// A larger file would keep the page busy for too long; the server finds the same fault.
const k_checked_bytes = 4_000_000;

/** The queue of files. It goes on while the reader looks at other pages. */
class UploadStore {
  readonly items = signal<readonly Item[]>([]);
  /** What the server takes at most; null: not known. */
  readonly most_bytes = signal<number | null>(null);
  /** What happens with sessions that are there already, for files to come. */
  readonly on_duplicate = signal<OnDuplicate>("skip");
  private readonly files = new Map<number, File>();
  private readonly stops = new Map<number, () => void>();
  private last_id = 0;

  add(files: Iterable<File>): void {
    const fresh = [...files].map((file): Item => {
      const id = ++this.last_id;
      const reason = refusal(file, this.most_bytes.value, bytes);
      const state: ItemState = reason ? { kind: "failed", text: reason, problems: [], may_retry: false } : { kind: "pending" };
      this.files.set(id, file);
      return { id, name: file.name, size: file.size, on_duplicate: this.on_duplicate.value, state };
    });
    this.change([...this.items.value, ...fresh]);
  }

  retry(id: number, on_duplicate: OnDuplicate): void {
    this.change(again(this.items.value, id, on_duplicate));
  }

  retry_all(): void {
    const failed = this.items.value.filter(({ state }) => state.kind === "failed" && state.may_retry);
    this.change(failed.reduce((items, { id, on_duplicate }) => again(items, id, on_duplicate), this.items.value));
  }

  /** The same answer for every file that waits for one. */
  settle_all(on_duplicate: OnDuplicate): void {
    this.on_duplicate.value = on_duplicate;
    const waiting = this.items.value.filter(({ state }) => state.kind === "duplicate");
    this.change(waiting.reduce((items, { id }) => again(items, id, on_duplicate), this.items.value));
  }

  remove(id: number): void {
    this.stops.get(id)?.();
    this.stops.delete(id);
    this.files.delete(id);
    this.change(this.items.value.filter((item) => item.id !== id));
  }

  clear_done(): void {
    for (const { id, state } of this.items.value) if (state.kind === "stored" || state.kind === "duplicate") this.remove(id);
  }

  private change(items: readonly Item[]): void {
    this.items.value = items;
    for (const item of next_up(items)) void this.run(item);
    const busy = this.items.value.some(is_running);
    removeEventListener("beforeunload", warn);
    if (busy) addEventListener("beforeunload", warn);
  }

  private set(id: number, state: ItemState): void {
    this.items.value = with_state(this.items.value, id, state);
  }

  private async run({ id, name, on_duplicate }: Item): Promise<void> {
    const file = this.files.get(id)!;
    this.set(id, { kind: "checking" });
    const problem = file.size <= k_checked_bytes ? json_problem(name, await file.text()) : null;
    if (!this.files.has(id)) return;
    if (problem) return this.settle(id, { kind: "failed", text: "The file is damaged.", problems: [problem], may_retry: false });
    this.set(id, { kind: "uploading", share: 0 });
    const stop = upload_file(
      file,
      on_duplicate,
      (share) => this.files.has(id) && this.set(id, { kind: "uploading", share }),
      (end: UploadEnd) => this.settle(id, ended(end)),
    );
    this.stops.set(id, stop);
  }

  private settle(id: number, state: ItemState): void {
    this.stops.delete(id);
    if (this.files.has(id)) this.change(with_state(this.items.value, id, state));
  }
}

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

export const uploads = new UploadStore();
